/*
 * Finds repeated names. In: the walk over a subjectAltName. Out: a mark for
 * each dNSName. Names are sorted by a heap, in place: the libraries' sorts may
 * ask the system how much memory it has, which a confined process may not.
 */
#include "event/distinct.h"

#include <stdlib.h>

#include "base/die.h"
#include "x509/san.h"

struct distinct_name {
	struct span bytes;
	size_t place;
};

void
distinct_free(struct distinct *d)
{
	free(d->name);
	free(d->again);
	*d = (struct distinct){ NULL, NULL, 0, 0 };
}

static void
distinct_more(struct distinct *d)
{
	size_t room = d->room == 0 ? 128 : d->room * 2;

	if (d->count < d->room)
		return;
	d->name = realloc(d->name, room * sizeof(*d->name));
	d->again = realloc(d->again, room * sizeof(*d->again));
	if (d->name == NULL || d->again == NULL)
		die_world("out of memory for names");
	d->room = room;
}

/* By bytes, and of the same bytes the earlier one first. */
static bool
distinct_before(const struct distinct_name *a, const struct distinct_name *b)
{
	int c = span_cmp(a->bytes, b->bytes);

	return c != 0 ? c < 0 : a->place < b->place;
}

/* Lets the name at i sink in a heap of n, the greatest on top. */
static void
distinct_sink(struct distinct_name *heap, size_t i, size_t n)
{
	struct distinct_name it = heap[i];
	size_t child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && distinct_before(&heap[child], &heap[child + 1]))
			child++;
		if (!distinct_before(&it, &heap[child]))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = it;
}

static void
distinct_sort(struct distinct_name *name, size_t n)
{
	struct distinct_name top;

	for (size_t i = n / 2; i-- > 0;)
		distinct_sink(name, i, n);
	while (n-- > 1) {
		top = name[0];
		name[0] = name[n];
		name[n] = top;
		distinct_sink(name, 0, n);
	}
}

void
distinct_reset(struct distinct *d)
{
	d->count = 0;
}

void
distinct_add(struct distinct *d, struct der names)
{
	struct san san;

	while (d->count < MAX_DISTINCT && san_next(&names, &san)) {
		if (san.type != SAN_DNS)
			continue;
		distinct_more(d);
		d->again[d->count] = false;
		d->name[d->count] = (struct distinct_name){ san.value, d->count };
		d->count++;
	}
}

void
distinct_find(struct distinct *d)
{
	distinct_sort(d->name, d->count);
	for (size_t i = 1; i < d->count; i++)
		if (span_eq(d->name[i - 1].bytes, d->name[i].bytes))
			d->again[d->name[i].place] = true;
}

bool
distinct_is_again(const struct distinct *d, size_t place)
{
	return place < d->count && d->again[place];
}
