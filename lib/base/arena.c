/* Arena of chained blocks; the contract is in arena.h. */
#include "base/arena.h"

#include <stdlib.h>

#include "base/die.h"

enum { ARENA_BLOCK = 64 * 1024 };

struct arena_block {
	struct arena_block *next;
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
	b = malloc(sizeof(*b) + size);
	if (b == NULL)
		die_world("out of memory for an arena block of %zu bytes", size);
	b->next = NULL;
	b->size = size;
	return b;
}

void
arena_init(struct arena *a)
{
	*a = (struct arena){ NULL, NULL, 0 };
}

void
arena_free(struct arena *a)
{
	struct arena_block *b, *next;

	for (b = a->first; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	arena_init(a);
}

void
arena_reset(struct arena *a)
{
	a->now = a->first;
	a->used = 0;
}

void *
arena_take(struct arena *a, size_t n)
{
	struct arena_block **link = a->now ? &a->now->next : &a->first;
	void *p;

	n = (n + 15) & ~(size_t)15;
	if (a->now == NULL || a->now->size - a->used < n) {
		while (*link != NULL && (*link)->size < n)
			link = &(*link)->next;
		if (*link == NULL)
			*link = arena_block_open(n);
		a->now = *link;
		a->used = 0;
	}
	p = a->now->bytes + a->used;
	a->used += n;
	return p;
}
