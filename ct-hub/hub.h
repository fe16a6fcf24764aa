/*
 * The hub: lines of stdin, and lines that others push if that was asked for,
 * become numbered messages on the bus, and questions about them are answered.
 *
 * A hub that has just been opened waits before it reads its input, so that
 * readers that look for a hub find it before it publishes. After that nothing
 * is dropped before it is published: while a reader that keeps up is behind
 * (pace.h), input is not read.
 */
#ifndef CT_HUB_HUB_H
#define CT_HUB_HUB_H

#include "bus/bus.h"
#include "ct-hub/lives.h"
#include "ct-hub/markfile.h"
#include "ct-hub/pace.h"
#include "ct-hub/recent.h"
#include "os/lines.h"
#include "os/loop.h"

struct hub_options {
	const char *address;	/* of the bus */
	const char *marks;	/* the file that marks are stored in; NULL: they are not stored */
	bool ingest;		/* take pushed lines too, and stay when stdin ends */
	unsigned keep;		/* events that are remembered for those who ask */
	unsigned status;	/* seconds between status records of its own; 0: it publishes none */
	unsigned wait;		/* seconds to wait for readers before any input is read */
	size_t backlog;		/* bytes that may wait for a reader */
};

struct hub_count {
	uint64_t events, bytes, messages, marks;
	uint64_t broken;	/* lines left out because they were too long */
};

struct hub {
	struct loop *loop;
	struct bus_hub *bus;
	struct hub_options options;
	struct bus_place next;	/* of the next record */
	struct hub_count count;

	struct lines in;
	struct loop_fd in_fd;
	bool in_waits;		/* stdin can be waited for: it is no regular file */
	bool in_ended;
	ptrdiff_t in_read;	/* bytes the last read brought */
	bool in_small;		/* less than a batch, and some of it was published */
	bool gathering;		/* lines that were read wait for more */
	struct loop_fd ask_fd;
	struct loop_fd ingest_fd;

	struct pace pace;
	uint64_t opened;		/* ms, when readers could first find it */
	bool begun;			/* readers have been waited for */
	uint64_t published;		/* ms, when the last message went */
	struct loop_timer resume;	/* runs while messages must wait */
	struct loop_timer rest;		/* runs between two small messages of stdin */
	struct loop_timer pushed_rest;	/* runs between two small messages of pushed lines */
	struct loop_timer welcome;	/* runs until readers that said hello get a message */
	uint64_t welcomed;		/* ms, when they last did */
	unsigned departures;		/* connections of readers that have ended, as of the last look */
	struct loop_timer second;
	struct loop_timer status;
	struct recent recent;
	struct markfile markfile;
	struct lives lives;
	struct buf scratch;
	struct buf pushed;	/* pushed lines that are not yet published; a message at most */
};

/*
 * Serves the bus of options and reads lines from fd; options is copied, the
 * texts in it must live on. Stops the loop at the end of fd, unless others push
 * lines. Ends the process when the address cannot be served or fd not read.
 */
struct hub *hub_open(struct loop *, const struct hub_options *options, int fd);
void hub_free(struct hub *);

/*
 * Publishes the lines already read, waits up to HUB_LINGER milliseconds
 * (hub.c) until they have left, and stores the last mark if they have.
 */
void hub_finish(struct hub *);

/* Returns whether the newest mark could not be stored. */
bool hub_has_failed(const struct hub *);

#endif
