/*
 * The arena of arena.h. In: sizes. Out: memory. It is made of blocks, each of
 * which is filled from its front.
 */
#include "base/arena.h"

#include <stdlib.h>

#include "base/die.h"

enum { ARENA_BLOCK = 64 * 1024 };	/* bytes of a block; a larger piece gets a block of its own size */

struct arena_block {
	struct arena_block *older;
	size_t size;
	_Alignas(16) uint8_t bytes[];
};

static struct arena_block *
arena_block_open(size_t n)
{
	size_t size = n > ARENA_BLOCK ? n : ARENA_BLOCK;
	struct arena_block *b;

	if (n > SIZE_MAX / 2)
		die_bug("arena asked for %zu bytes", n);
	/* Not malloc, which aligns to 8 on 32-bit ARM. */
	b = aligned_alloc(_Alignof(struct arena_block), sizeof(*b) + size);
	if (b == NULL)
		die_world("out of memory for an arena block of %zu bytes", size);
	b->size = size;
	return b;
}

void
arena_init(struct arena *a)
{
	*a = (struct arena){ NULL, 0 };
}

void
arena_free(struct arena *a)
{
	struct arena_block *b, *older;

	for (b = a->newest; b != NULL; b = older) {
		older = b->older;
		free(b);
	}
	arena_init(a);
}

void *
arena_take(struct arena *a, size_t n)
{
	struct arena_block *b;
	void *p;

	n = (n + 15) & ~(size_t)15;
	if (a->newest == NULL || a->newest->size - a->used < n) {
		b = arena_block_open(n);
		b->older = a->newest;
		a->newest = b;
		a->used = 0;
	}
	p = a->newest->bytes + a->used;
	a->used += n;
	return p;
}
