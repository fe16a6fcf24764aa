/*
 * The writing end of a bus: what ct-hub publishes through. It takes whole lines, in order, and
 * drops none. It says when it takes no more for now, and how far what it has taken has left. Lines
 * can be written straight into the memory from which they leave; what was written there and not
 * published is called the draft. Records are numbered from options->first.seq on. A function that may
 * block says so.
 */
#ifndef BUS_PUBLISHER_H
#define BUS_PUBLISHER_H

#include <sys/types.h>

#include "base/buf.h"
#include "bus/bus_place.h"
#include "os/loop.h"

enum {
	PUBLISHER_SPACE = 64 << 10,	/* bytes: the least that publisher_space provides */
	BUS_BATCH = 64 << 10,	/* bytes of lines that make a full message */
};

struct publisher_options {
	struct bus_place first;	/* of the first record; a bus that numbers records itself ignores it */
	size_t backlog;		/* bytes that may wait for one reader before it loses the oldest */
	size_t history;		/* bytes of the newest lines that are kept for those who ask */
	unsigned keep;		/* newest events that are kept for those who ask */
	bool ingest;		/* others may push lines; calls->pushed gets them */
	bool taken_is_enough;	/* in a relay publisher_linger waits until the other hub has taken all */
	unsigned readers;	/* takes no lines before this many readers are there, however long it lasts */
	unsigned wait;		/* ms in which readers can find the bus: takes no lines before that is over */
	mode_t mode;		/* of the files of local sockets */
	gid_t group;		/* that these files belong to; (gid_t)-1: that of this process */
};

/* The functions that a publisher calls, never from inside its own functions. */
struct publisher_calls {
	/* It takes lines again, after publisher_takes has returned false. */
	void (*takes)(void *cookie);

	/* All records before number seq have left, which publisher_watch has asked for. */
	void (*left)(void *cookie, uint64_t seq);

	/* Brings lines that producer id has pushed, 0 for a nameless one; the last may lack its LF. */
	void (*pushed)(void *cookie, uint64_t id, struct span lines);

	/* Appends the answer to a question that the bus does not know, or returns false: there is none. */
	bool (*question)(void *cookie, struct span question, struct buf *answer);
};

struct publisher_stats {
	unsigned readers;	/* connected now; 0 where a server stands between */
	size_t behind;		/* bytes that wait for the slowest of them */
	uint64_t dropped;	/* records that slow readers have lost, summed up */
	uint64_t messages;	/* sent to each reader, or to the server, so far */
	uint64_t repeated;	/* records that the server had already, and has not stored again */
};

struct publisher_lines {
	size_t n;		/* bytes, from the first of the first line to the last LF */
	unsigned records;	/* lines */
	unsigned events;	/* of these, those that are certificates (RECORD_EVENT) */
};

struct publisher;

/*
 * Opens the bus at address. options is copied; loop, address, calls and cookie must live as long as the
 * publisher. Returns it, or NULL with *why set to a static reason when the bus cannot be opened.
 */
struct publisher *publisher_open(struct loop *loop, const char *address,
    const struct publisher_options *options, const struct publisher_calls *calls, void *cookie,
    const char **why);

/* Ends the bus and frees the publisher; what has not left is dropped. NULL is allowed. */
void publisher_free(struct publisher *p);

/* Returns true when lines may be published, or false; then calls->takes comes once they may. None is lost. */
bool publisher_takes(struct publisher *p);

/*
 * Returns the place behind the draft where bytes can be written, and sets *room to how many, which is at
 * least PUBLISHER_SPACE. The draft may move in memory.
 */
uint8_t *publisher_space(struct publisher *p, size_t *room);

/*
 * publisher_fill makes n bytes that were written at that place part of the draft. publisher_draft
 * returns the draft, valid until any other call. publisher_discard removes its first n bytes.
 */
void publisher_fill(struct publisher *p, size_t n);
struct span publisher_draft(struct publisher *p);
void publisher_discard(struct publisher *p, size_t n);

/*
 * publisher_publish publishes lines, which are the front of the draft. publisher_put publishes a
 * copy of lines, which begin at from; the draft stays.
 */
void publisher_publish(struct publisher *p, struct publisher_lines lines);
void publisher_put(struct publisher *p, const uint8_t *from, struct publisher_lines lines);

/* Returns the place of the next record. Its epoch is 0 when only the server of the bus knows that. */
struct bus_place publisher_next(const struct publisher *p);

/*
 * Asks for calls->left when all records before number seq have left: when the readers that take
 * anything have them, or the server has stored them.
 */
void publisher_watch(struct publisher *p, uint64_t seq);

/*
 * Blocks until all has left, for ms milliseconds at most. It returns earlier when nothing has left for
 * two seconds, or for a third of ms if that is shorter, because then nobody takes it. Returns the number
 * of the first record that has not left; readers that have stopped do not count for that.
 */
uint64_t publisher_linger(struct publisher *p, unsigned ms);

/* Returns what the publisher knows about its readers. */
struct publisher_stats publisher_stats(const struct publisher *p);

#endif
