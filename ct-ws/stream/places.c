/*
 * Keeps the places of the frames that one client is to be sent.
 *
 * in: places in a ring
 * out: the same, without those that have been sent or overwritten
 */
#include "ct-ws/stream/places.h"

#include <stdlib.h>

#include "base/die.h"

enum { PLACES_FEW = 8 };

void
places_free(struct places *s)
{
	free(s->p);
	*s = (struct places){ .p = NULL };
}

uint32_t
places_count(const struct places *s)
{
	return s->next - s->first;
}

struct place *
places_get(const struct places *s, uint32_t i)
{
	return &s->p[(s->first + i) & (s->room - 1)];
}

static void
places_drop_first(struct places *s)
{
	s->first++;
	if (places_is_empty(s))
		places_free(s);
}

uint64_t
places_expire(struct places *s, uint64_t below)
{
	uint64_t dropped = 0;

	while (!places_is_empty(s) && places_get(s, 0)->at < below && !places_get(s, 0)->begun) {
		places_drop_first(s);
		dropped++;
	}
	return dropped;
}

static void
places_widen(struct places *s)
{
	struct places old = *s;

	s->room = old.room == 0 ? PLACES_FEW : old.room * 2;
	s->p = malloc(s->room * sizeof(*s->p));
	if (s->p == NULL)
		die_world("out of memory for %u places in a ring", (unsigned)s->room);
	for (uint32_t i = old.first; i != old.next; i++)
		s->p[i & (s->room - 1)] = old.p[i & (old.room - 1)];
	free(old.p);
}

uint64_t
places_put(struct places *s, const struct ring *ring, uint64_t at, size_t n)
{
	uint64_t dropped = 0;

	if (places_count(s) == s->room)
		dropped = places_expire(s, ring->tail);
	if (places_count(s) == MAX_PLACES)
		return dropped + 1;
	if (places_count(s) == s->room)
		places_widen(s);
	s->p[s->next++ & (s->room - 1)] = (struct place){ at, (uint32_t)n, false };
	return dropped;
}

void
places_sent(struct places *s, size_t n)
{
	while (n > 0) {
		struct place *first = places_get(s, 0);
		size_t part = n < first->n ? n : first->n;

		first->at += part;
		first->n -= (uint32_t)part;
		first->begun = true;
		n -= part;
		if (first->n == 0)
			places_drop_first(s);
	}
}
