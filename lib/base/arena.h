/*
 * Memory for many small things that live equally long and are freed together.
 * An arena never gives a single piece back.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *newest;	/* NULL, or the block being filled, in front of all others */
	size_t used;			/* bytes taken of newest */
};

/* Makes *a an empty arena, which holds no memory yet. */
void arena_init(struct arena *a);

/* Frees all memory taken from a, which is then empty and may be used again. */
void arena_free(struct arena *a);

/*
 * Returns n bytes of memory from a, aligned to 16 and not cleared. They stay
 * where they are until arena_free. Never returns NULL: when memory runs out, the
 * process ends with exit code 111.
 */
void *arena_take(struct arena *a, size_t n);

#endif
