/*
 * tail -f for the bus: shows what the hub remembers and then what it publishes,
 * without gap or repetition. When records are lost on the way, a warning says how
 * many, and a record "skipped" stands in their place.
 */
#ifndef CT_LATEST_FOLLOW_H
#define CT_LATEST_FOLLOW_H

#include "ct-latest/latest.h"
#include "os/out.h"

struct subscriber;

/* What to begin with, and how records are shown. */
struct follow_wish {
	struct view view;
	unsigned count;		/* of the newest records that the hub remembers, at most */
	struct bus_place since;	/* when seq is above 0: all records from here on instead; see since.h */
};

struct follow {
	struct loop *loop;
	struct follow_wish wish;
	struct subscriber *subscriber;	/* owned */
	struct latest latest;
	struct out out;
	struct loop_fd in_fd;		/* stdin, which is watched for its end if watches_in */
	bool watches_in;
};

/*
 * Begins to follow the bus at address while loop runs. Writes to standard output, as wish says,
 * records that the hub remembers or keeps, and then those that it publishes. Stops the loop when
 * the reader of standard output is gone, and with watch_in also when stdin ends. wish is copied;
 * loop and address must live until follow_free. Ends the process with 111 when the bus or a
 * descriptor cannot be used.
 */
void follow_open(struct follow *f, struct loop *loop, const char *address,
    const struct follow_wish *wish, bool watch_in);

/*
 * Ends the subscription, blocks up to a second until the reader has taken what waits, and frees
 * all.
 */
void follow_free(struct follow *f);

#endif
