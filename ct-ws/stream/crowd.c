/*
 * Keeps the readers of a rendition, and who of them is blocked, and whose turn it is to be sent something.
 *
 * in: readers that come, go, block and go on
 * out: an array of them, and the lowest place that they need
 */
#include "ct-ws/stream/crowd.h"

#include <stdlib.h>

#include "base/die.h"

enum { CROWD_FEW = 16 };

void
crowd_free(struct crowd *c)
{
	free(c->all);
	*c = (struct crowd){ .all = NULL };
}

static void
crowd_swap(struct crowd *c, size_t i, size_t k)
{
	struct reader *r = c->all[i];

	c->all[i] = c->all[k];
	c->all[k] = r;
	c->all[i]->slot = i;
	c->all[k]->slot = k;
}

void
crowd_add(struct crowd *c, struct reader *r)
{
	if (c->count == c->room) {
		c->room = c->room == 0 ? CROWD_FEW : c->room * 2;
		c->all = realloc(c->all, c->room * sizeof(*c->all));
		if (c->all == NULL)
			die_world("out of memory for %zu readers", c->room);
	}
	r->slot = c->count;
	c->all[c->count++] = r;
	crowd_swap(c, r->slot, c->turn++);
}

void
crowd_remove(struct crowd *c, struct reader *r)
{
	if (r->blocked)
		crowd_swap(c, r->slot, --c->blocked);
	if (r->slot < c->turn)
		crowd_swap(c, r->slot, --c->turn);
	crowd_swap(c, r->slot, --c->count);
}

bool
crowd_block(struct crowd *c, struct reader *r)
{
	uint64_t needs = reader_lowest(r);

	if (c->blocked == 0 || needs < c->lowest)
		c->lowest = needs;
	if (r->blocked)
		return false;
	crowd_swap(c, r->slot, c->blocked++);
	if (c->turn < c->blocked)
		c->turn = c->blocked;
	r->blocked = true;
	return true;
}

bool
crowd_unblock(struct crowd *c, struct reader *r)
{
	if (!r->blocked)
		return false;
	crowd_swap(c, r->slot, --c->blocked);
	r->blocked = false;
	return true;
}

void
crowd_begin(struct crowd *c)
{
	c->turn = c->blocked;
}

struct reader *
crowd_next(struct crowd *c)
{
	return c->turn < c->count ? c->all[c->turn++] : NULL;
}

bool
crowd_needs(const struct crowd *c, uint64_t tail)
{
	return c->blocked > 0 && tail > c->lowest;
}

void
crowd_rescue(struct crowd *c, const struct ring *ring, uint64_t safe, struct reader_rest *rest)
{
	c->lowest = UINT64_MAX;
	for (size_t i = 0; i < c->blocked; i++) {
		struct reader *r = c->all[i];
		uint64_t needs = reader_lowest(r);

		if (needs < safe) {
			reader_rescue(r, ring, safe, rest);
			needs = reader_lowest(r);
		}
		if (needs < c->lowest)
			c->lowest = needs;
	}
}
