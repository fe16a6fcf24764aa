/*
 * The records that a publisher has taken and the server has not stored yet, in order. They are sent
 * one after the other without waiting; answers come in any order, or not at all. After a failure all
 * that is not known to be stored is sent again, from the oldest on. Nothing here does I/O, and
 * nothing takes a lock.
 */
#ifndef BUS_NATS_NATS_WINDOW_H
#define BUS_NATS_NATS_WINDOW_H

#include "bus/nats/nats_draft.h"

enum nats_fate {
	NATS_WAITS,	/* to be sent */
	NATS_FLIES,	/* sent; the answer has not come */
	NATS_STORED,	/* stored, but an older one is not */
	NATS_FAILED,	/* refused */
};

struct nats_slot {
	struct nats_chunk *chunk;	/* used: the line lies in it */
	struct span line;		/* without its LF */
	enum nats_fate fate;
	unsigned attempt;		/* how many times it was sent */
	unsigned parts, stored;		/* messages of this attempt, and those stored */
	unsigned unsure;		/* answers that it is a repetition of something not stored yet */
};

/* Records are numbered from 0 on. base <= next <= end. */
struct nats_window {
	struct nats_slot *slots;	/* owned; record k has slots[k & (room - 1)] */
	size_t room;			/* a power of two, or 0 */
	uint64_t base;			/* the oldest record that is not stored */
	uint64_t next;			/* the first that was not sent since the last nats_window_rewind */
	uint64_t end;			/* the record that is put next */
	size_t bytes;			/* of the lines from base on */
	unsigned flying;		/* records */
	bool failed;			/* a record has failed since the last nats_window_rewind */
};

/* Frees the memory of the window and ends its use of all chunks. A window of zeros is an empty one. */
void nats_window_free(struct nats_window *w);

/* Appends a record, whose line lies in chunk. The window becomes a user of chunk. */
void nats_window_put(struct nats_window *w, struct nats_chunk *chunk, struct span line);

/*
 * Finds the next record to be sent, and counts it as sent: one more attempt. Returns true with
 * *number set, or false when none waits.
 */
bool nats_window_send(struct nats_window *w, uint64_t *number);

/* Returns the slot of record number, base <= number < end. */
struct nats_slot *nats_window_slot(struct nats_window *w, uint64_t number);

/*
 * Notes that one message of this attempt of record `number` is stored. Returns true when base has moved
 * by that. An answer that comes late or twice changes nothing.
 */
bool nats_window_stored(struct nats_window *w, uint64_t number, unsigned attempt);

/* Notes that one message of this attempt of record `number` was refused. */
void nats_window_failed(struct nats_window *w, uint64_t number, unsigned attempt);

/* Makes nats_window_send begin again with the oldest record that is not stored. Late answers are ignored. */
void nats_window_rewind(struct nats_window *w);

#endif
