/*
 * tail -f for the bus: first what the hub remembers, then what it publishes,
 * joined by the numbers of the records so that none is missing or comes
 * twice. Records lost on the way are told, on stderr and in the stream.
 */
#ifndef CT_LATEST_FOLLOW_H
#define CT_LATEST_FOLLOW_H

#include "ct-latest/latest.h"
#include "os/out.h"

struct bus_sub;

struct follow {
	struct loop *loop;
	const char *address;
	struct view view;
	unsigned count;		/* of what is remembered, to begin with */

	struct bus_sub *sub;
	struct loop_fd sub_fd;
	struct loop_fd in_fd;	/* stdin, where its end means that the reader is gone */
	bool watches_in;
	struct loop_timer tick;
	struct latest latest;
	struct out out;

	bool joined;
	bool away, told_away;	/* the hub */
	uint64_t next;		/* the first record not shown or passed over */
	uint64_t last;		/* where the message before ended */
};

/* watch_in: stop at the end of stdin. */
void follow_open(struct follow *, struct loop *, const char *address, struct view, unsigned count,
    bool watch_in);
void follow_free(struct follow *);

#endif
