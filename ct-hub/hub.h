/*
 * The hub: lines of stdin, and of others if asked, become numbered messages
 * on the bus, and questions about them are answered.
 *
 * Nothing is dropped before it is published: when readers that keep up are
 * behind (pace.h), input is not read until they are not.
 */
#ifndef CT_HUB_HUB_H
#define CT_HUB_HUB_H

#include "bus/bus.h"
#include "ct-hub/markfile.h"
#include "ct-hub/pace.h"
#include "ct-hub/recent.h"
#include "os/lines.h"
#include "os/loop.h"

struct hub_options {
	const char *address;
	const char *marks;	/* NULL: not kept */
	bool ingest;
	unsigned keep;		/* events */
	unsigned status;	/* seconds between records of its own, 0: none */
};

struct hub_count {
	uint64_t events, bytes, messages, marks;
	uint64_t broken;	/* lines left out because they were too long */
};

struct hub {
	struct loop *loop;
	struct bus_hub *bus;
	struct hub_options options;
	uint64_t next;		/* number of the next record */
	struct hub_count count;

	struct lines in;
	struct loop_fd in_fd;
	bool in_waits;		/* stdin can be waited for: it is no regular file */
	bool in_ended;
	ptrdiff_t in_read;	/* bytes the last read brought */
	bool in_small;		/* less than a batch, and some of it was published */
	struct loop_fd ask_fd;
	struct loop_fd ingest_fd;

	struct pace pace;
	struct loop_timer go;		/* runs while held back by pace */
	struct loop_timer rest;		/* runs between two small messages */
	struct loop_timer pushed_rest;	/* the same for lines pushed by others */
	struct loop_timer place;	/* runs until those who asked for the place are told */
	struct loop_timer status;
	struct recent recent;
	struct markfile markfile;
	struct buf scratch;
	struct buf pushed;	/* lines pushed by others, not yet published; a message at most */
};

/* Dies when the address cannot be served or the descriptor not read. */
struct hub *hub_open(struct loop *, const struct hub_options *, int fd);
void hub_free(struct hub *);

/* Publishes the lines already read, lets everything leave, and stores the last mark. */
void hub_finish(struct hub *);

bool hub_has_failed(const struct hub *);	/* the last mark is not stored */

#endif
