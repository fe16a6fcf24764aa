/*
 * The newest records of the bus, as they came, for clients that come back and want to go on where
 * they were. It is filled also when nobody reads. It knows as well how many records were lost on
 * the bus, and between which of its records.
 */
#ifndef CT_WS_STREAM_JOURNAL_H
#define CT_WS_STREAM_JOURNAL_H

#include "base/ring.h"
#include "bus/bus_place.h"

enum {
	JOURNAL_EPOCHS = 8,	/* lives of the hub that are told apart; older ones are forgotten */
	JOURNAL_LIVES = 16,	/* lives whose ends are known from the hub */
};

struct journal {
	struct ring ring;	/* each frame is a struct journal_head and the line */
	struct {
		uint64_t epoch;
		uint64_t first;		/* number of its first frame */
		uint64_t seq;		/* of the first record of this life that could come here */
	} epochs[JOURNAL_EPOCHS];	/* the first `count`, the oldest first */
	size_t count;
	uint64_t next;		/* of the newest life: SEQ of the record that comes next */
	uint64_t lost;		/* records lost on the bus since journal_init */
	uint64_t hole;		/* of the newest life: SEQ behind the last record of it that was lost */
	bool begun;		/* all older records that can be had have come */
	bool current;		/* and the hub is there, and has said where its earlier lives ended */
	struct bus_place lives[JOURNAL_LIVES];	/* these ends, the newest first: see journal_learn */
	size_t lives_count;
};

/* Where a reading of a journal stands. */
struct journal_at {
	uint64_t number;	/* of the next frame */
	uint64_t lost;		/* how many of the records in journal.lost the reader has been told of */
};

/* A record of the journal. */
struct journal_record {
	struct bus_place place;
	struct span line;	/* without its LF */
};

/* journal_init makes *j empty; it will take `bytes` of memory at most. journal_free frees that. */
void journal_init(struct journal *j, size_t bytes);
void journal_free(struct journal *j);

/* Changes the memory that j takes at most to `bytes`; the newest records that fit stay. */
void journal_resize(struct journal *j, size_t bytes);

/*
 * Adds line, the event at this place, without its LF. An event without a place, or with one that was put
 * or passed before, is left out.
 */
void journal_put(struct journal *j, struct bus_place place, struct span line);

/* Notes that all records before this place have come; those that were not put are not events. */
void journal_pass(struct journal *j, struct bus_place place);

/*
 * Notes that the next record will have this place, and that all that was neither put nor passed
 * before it in the same life of the hub is lost.
 */
void journal_reach(struct journal *j, struct bus_place place);

/* Notes that this many records were lost between the last record and the next one. */
void journal_miss(struct journal *j, uint64_t records);

/* Notes that the records that can be had from before have all been put. */
void journal_begin(struct journal *j);

/*
 * journal_learn notes that the hub is there, and where its lives end. lives are count places, the present
 * life first and then older ones: epoch names the life, and seq is the number of the first record that
 * comes again in the next life, or that would have been next. A life whose seq is 0, which no hub can
 * have, and those behind it are not taken. journal_part notes that the hub is away.
 */
void journal_learn(struct journal *j, const struct bus_place *lives, size_t count);
void journal_part(struct journal *j);

/*
 * Returns true when journal_find can say all that will ever be known about the place since. Returns false
 * before journal_begin, and while the life of since is not known and the hub may still name it.
 */
bool journal_knows(const struct journal *j, struct bus_place since);

/*
 * Finds the record that follows the place since. Sets *at to it, or to the oldest record of j when that
 * one is gone. Returns how many records are missing between since and *at, or JOURNAL_UNKNOWN when neither
 * the journal nor the hub remembers the life of since.
 */
uint64_t journal_find(const struct journal *j, struct bus_place since, struct journal_at *at);

#define JOURNAL_UNKNOWN UINT64_MAX

/*
 * To be called before journal_next when records may have been put since *at was set. When the record at
 * *at has been overwritten, moves *at to the oldest record. Returns how many records were passed over.
 */
uint64_t journal_skip(const struct journal *j, struct journal_at *at);

/*
 * Takes the record at *at and moves *at behind it. Returns true with *record set, whose line is copied
 * into out when it does not lie in memory in one piece, and *missed set to how many records were lost on
 * the bus before it. Returns false at the end, with *missed set to those lost behind the last record.
 */
bool journal_next(const struct journal *j, struct journal_at *at, struct journal_record *record,
    uint64_t *missed, struct buf *out);

#endif
