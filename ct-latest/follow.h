/*
 * tail -f for the bus: shows what the hub remembers, then what it publishes,
 * so that no record is missing or comes twice. Records that were lost on the
 * way are told on stderr, and in the stream by a record "skipped".
 */
#ifndef CT_LATEST_FOLLOW_H
#define CT_LATEST_FOLLOW_H

#include "ct-latest/latest.h"
#include "os/out.h"

struct subscriber;

struct follow {
	struct loop *loop;
	struct view view;
	unsigned count;			/* of the remembered records, to begin with */
	struct subscriber *subscriber;	/* owned */
	struct latest latest;
	struct out out;
	struct loop_fd in_fd;		/* stdin, where its end means that the reader is gone */
	bool watches_in;
};

/*
 * Begins to follow the bus at address on standard output: the newest count
 * records that the hub remembers, then those to come, as view shows them. With
 * watch_in, the end of stdin stops the loop, as the end of the reader always
 * does. loop and address must live until follow_free. Ends the process when the
 * bus or a descriptor cannot be used.
 */
void follow_open(struct follow *, struct loop *loop, const char *address, struct view view,
    unsigned count, bool watch_in);

/* Ends the subscription, and gives the reader a second to take what was begun. */
void follow_free(struct follow *);

#endif
