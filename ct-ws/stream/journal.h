/*
 * The newest records of the bus, as they came, for clients that come back and want to go on where
 * they were. It is filled also when nobody reads.
 */
#ifndef CT_WS_STREAM_JOURNAL_H
#define CT_WS_STREAM_JOURNAL_H

#include "base/ring.h"
#include "bus/bus_message.h"

enum { JOURNAL_EPOCHS = 8 };	/* lives of the hub that are told apart; older ones are forgotten */

struct journal {
	struct ring ring;	/* each frame is a place (16 bytes) and the line */
	struct {
		uint64_t epoch;
		uint64_t first;		/* number of its first frame */
	} epochs[JOURNAL_EPOCHS];	/* the first `count`, the oldest first */
	size_t count;
};

/* Where a reading of a journal stands. */
struct journal_at {
	uint64_t number;	/* of the next frame */
};

/* Begins empty, with bytes of memory at most. */
void journal_init(struct journal *, size_t bytes);
void journal_free(struct journal *);

/* Gives it bytes of memory at most; the newest records that fit stay. */
void journal_resize(struct journal *, size_t bytes);

/* Adds line, the event at this place, without its LF. An event without a place is left out. */
void journal_put(struct journal *, struct bus_place place, struct span line);

/*
 * Finds the record behind the place since. Sets *at to it, or to the oldest one when that is gone.
 * Returns how many records are missing between since and that, JOURNAL_UNKNOWN when the hub has
 * begun anew and nobody knows; 0 when none is.
 */
uint64_t journal_find(const struct journal *, struct bus_place since, struct journal_at *at);

#define JOURNAL_UNKNOWN UINT64_MAX

/*
 * To be called before journal_next when records may have been put since *at was set: when the next
 * record has been overwritten, moves *at to the oldest there is. Returns how many records were
 * passed over.
 */
uint64_t journal_skip(const struct journal *, struct journal_at *at);

/*
 * Takes the next record: sets *place, and *line, which is copied into out where it does not lie in
 * memory in one piece. Returns false at the end.
 */
bool journal_next(const struct journal *, struct journal_at *at, struct bus_place *place,
    struct span *line, struct buf *out);

#endif
