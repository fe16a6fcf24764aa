/*
 * Memory that is given back all at once: one arena an entry, reset between
 * entries. Once it has grown to the largest entry it allocates no more. Out
 * of memory ends the process.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *first;	/* all blocks, kept over resets */
	struct arena_block *now;	/* the one being filled */
	size_t used;			/* bytes used of now */
};

void arena_init(struct arena *);
void arena_free(struct arena *);
void arena_reset(struct arena *);	/* all earlier pointers die */

/* n bytes, aligned to 16, not cleared; valid until reset. */
void *arena_take(struct arena *, size_t n);

#endif
