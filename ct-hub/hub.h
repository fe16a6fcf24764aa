/*
 * The hub: lines of stdin, and lines that others push if that was asked for,
 * become numbered messages on the bus, and questions about them are answered.
 *
 * A hub that has just been opened waits before it reads its input, so that
 * readers that look for a hub find it before it publishes. Of what it has read,
 * it drops nothing before that is published. When it may not publish, because readers
 * are behind (pace.h), it does not read its input.
 */
#ifndef CT_HUB_HUB_H
#define CT_HUB_HUB_H

#include "bus/bus.h"
#include "ct-hub/history.h"
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
	size_t history;		/* bytes of lines that are kept for those who ask; 0: none */
	unsigned status;	/* seconds between status records of its own; 0: it publishes none */
	unsigned wait;		/* seconds to wait for readers before any input is read */
	size_t backlog;		/* bytes that may wait for a reader */
};

/* What the status record tells, all since hub_open. */
struct hub_count {
	uint64_t events;	/* lines that are certificates */
	uint64_t bytes;		/* of the lines published */
	uint64_t messages;	/* that have lines */
	uint64_t marks;		/* lines that are marks */
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
	bool in_ended;		/* all of stdin has been read and published */
	ptrdiff_t in_read;	/* bytes that the last read of stdin brought */
	bool in_small;		/* the last message was a small one: a rest is due */
	bool gathering;		/* lines of stdin that were read wait for more (pace_gather) */
	struct loop_fd ask_fd;
	struct loop_fd ingest_fd;

	struct pace pace;
	uint64_t opened;		/* ms, when readers could first find the hub */
	bool begun;			/* the wait for readers is over */
	uint64_t published;		/* ms, when the last message was published */
	struct loop_timer resume;	/* runs while no message may be published */
	struct loop_timer rest;		/* runs between two small messages of stdin */
	struct loop_timer pushed_rest;	/* runs between two small messages of pushed lines */
	struct loop_timer welcome;	/* runs until readers that said hello get a message */
	uint64_t welcomed;		/* ms, when readers last got such a message */
	unsigned departures;		/* bus_hub_departures as of the last second */
	struct loop_timer second;	/* comes every second */
	struct loop_timer status;	/* comes when a status record is due */
	struct recent recent;
	struct history history;
	struct markfile markfile;
	struct lives lives;
	struct buf scratch;	/* for answers and status records */
	struct buf pushed;	/* owned: pushed lines not yet published, one message at most */
};

/*
 * Makes a hub that serves the bus of options and publishes the lines of fd, while
 * the loop runs. options is copied; the texts in it, and the loop, must live until
 * hub_free. At the end of fd the loop is stopped, unless options has ingest. Ends
 * the process with 111 when the address cannot be served or fd cannot be read.
 */
struct hub *hub_open(struct loop *loop, const struct hub_options *options, int fd);

/* Ends the bus and frees the hub. What has not been published is lost: hub_finish comes before. */
void hub_free(struct hub *);

/*
 * Publishes the lines that have been read, and blocks until they have left, up to
 * HUB_LINGER milliseconds (hub.c). Then it stores the last mark; but when messages
 * are still leaving, it stores none and tells a warning. Call it once, after the loop.
 */
void hub_finish(struct hub *);

/* Returns true when the last attempt to store a mark failed. */
bool hub_has_failed(const struct hub *);

#endif
