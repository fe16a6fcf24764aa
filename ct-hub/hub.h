/*
 * The hub: lines of stdin, and lines that others push if that was asked for, become records of the
 * bus, and questions about them are answered.
 *
 * The hub drops nothing that it has read before that is published. While the bus takes no lines,
 * because readers or servers are behind, the hub does not read its input.
 */
#ifndef CT_HUB_HUB_H
#define CT_HUB_HUB_H

#include "ct-hub/input.h"
#include "ct-hub/lives.h"
#include "ct-hub/markfile.h"
#include "ct-hub/sources.h"
#include "ct-hub/stages.h"

/* The producer of lines that are pushed without a name. */
#define HUB_NAMELESS UINT64_MAX

struct hub_options {
	const char *address;	/* of the bus */
	const char *marks;	/* the file that marks are stored in; NULL: they are not stored */
	const char *relay;	/* address of another bus that gets all records too; NULL: none */
	unsigned status;	/* seconds between status records of its own; 0: it publishes none */
	struct publisher_options bus;	/* without first, which the hub sets */
};

struct hub {
	struct loop *loop;
	struct hub_options options;
	struct publisher *bus;
	struct publisher *relay;	/* NULL: there is none */
	uint64_t left[2];	/* all records before these numbers have left the bus, and the relay */
	bool finishing;		/* no more input is read */
	struct input in;
	struct loop_fd in_fd;
	bool in_waits;		/* stdin can be waited for, as everything can but a regular file */
	struct loop_timer again;	/* reads a regular file in turns of the loop */
	struct loop_timer status;	/* comes when a status record is due */
	uint64_t producer;	/* whose lines are at hand; 0: those of stdin; HUB_NAMELESS */
	bool own;		/* the lines at hand are the hub's own status */
	bool status_owed;	/* it is published when lines are taken again */
	bool published;		/* something was published */
	bool failed;		/* not all has left, or the end of this life could not be stored */
	struct tally tally;
	struct sources sources;
	struct stages stages;
	struct markfile markfile;
	struct lives lives;
	struct buf scratch;	/* for status records, and for pushed lines without an LF */
};

/*
 * Returns a hub that serves the bus of options and publishes the lines of fd, while the
 * loop runs. options is copied; the texts in it, and the loop, must live until hub_free.
 * At the end of fd the loop is stopped, unless options->bus.ingest is set. Ends the process
 * with 111 when the address cannot be served, fd cannot be read, or the files of
 * options->marks cannot be used; then nothing has been read of fd.
 */
struct hub *hub_open(struct loop *loop, const struct hub_options *options, int fd);

/* Ends the bus and frees the hub. What has not been published is lost: hub_finish comes before. */
void hub_free(struct hub *h);

/*
 * Publishes the lines that have been read, and blocks until they have left: after a signal for
 * HUB_LINGER milliseconds at most (hub.c), at the end of stdin as long as readers take anything.
 * Then it stores the last mark in front of which all has left, and
 * tells a warning when something has not. Call it once, after the loop.
 */
void hub_finish(struct hub *h);

/*
 * Returns true when the last attempt to store a mark, or the end of this life of the hub, failed, or
 * when the input has ended and not all of it has left.
 */
bool hub_has_failed(const struct hub *);

#endif
