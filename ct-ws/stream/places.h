/*
 * The frames of a ring that a client with a filter is to be sent, first in, first out: a few
 * bytes for each match, however large the event is.
 */
#ifndef CT_WS_STREAM_PLACES_H
#define CT_WS_STREAM_PLACES_H

#include "base/ring.h"

enum { MAX_PLACES = 4096 };	/* 64 KiB: bounds what a client that does not read holds */

struct place {
	uint64_t at;		/* of the first byte in the ring that is to be sent */
	uint32_t n;		/* bytes to be sent */
	bool begun;		/* some of the frame's bytes have been sent */
};

/* All zero is empty. It holds no memory while it is empty. */
struct places {
	struct place *p;	/* owned; place number i is p[i & (room - 1)] */
	uint32_t first, next;	/* numbers of the oldest place and of the next to come */
	uint32_t room;		/* a power of two, or 0 */
};

/* Drops all places and frees their memory. */
void places_free(struct places *s);

/* Returns true when there are no places. */
static inline bool
places_is_empty(const struct places *s)
{
	return s->first == s->next;
}

/* Returns place number i from the oldest one, which is number 0; i must be less than how many there are. */
struct place *places_get(const struct places *s, uint32_t i);

/* Returns how many places there are. */
uint32_t places_count(const struct places *s);

/*
 * Adds a frame of n bytes at the place `at` of ring. When memory for the places is short, those
 * that ring has overwritten are dropped first. When there are MAX_PLACES even so, the new one is
 * dropped. Returns how many were dropped.
 */
uint64_t places_put(struct places *s, const struct ring *ring, uint64_t at, size_t n);

/*
 * Drops all frames that begin below the place `below` of the ring, except one that has been begun.
 * Returns how many were dropped.
 */
uint64_t places_expire(struct places *s, uint64_t below);

/* Notes that n more bytes have been sent, from the oldest place on. */
void places_sent(struct places *s, size_t n);

#endif
