/*
 * Finds repeated texts. In: offsets of texts in a buffer. Out: for each text,
 * whether it repeats an earlier one. The texts are sorted in place by heapsort,
 * so that equal ones stand side by side, and then put back into their old order.
 * The sort functions of C libraries are not used: they may ask the system how much
 * memory it has, and a confined process is killed for that.
 */
#include "event/distinct.h"

#include <stdlib.h>

#include "base/die.h"

void
distinct_free(struct distinct *d)
{
	free(d->text);
	*d = (struct distinct){ NULL, 0, 0 };
}

void
distinct_reset(struct distinct *d)
{
	d->count = 0;
}

void
distinct_add(struct distinct *d, size_t from, size_t n)
{
	if (d->count == MAX_DISTINCT)
		return;
	if (d->count == d->room) {
		d->room = d->room == 0 ? 128 : d->room * 2;
		d->text = realloc(d->text, d->room * sizeof(*d->text));
		if (d->text == NULL)
			die_world("out of memory for names");
	}
	d->text[d->count] = (struct distinct_text){ from, n, d->count, false };
	d->count++;
}

static struct span
distinct_span(const struct distinct_text *t, const uint8_t *base)
{
	return span_of(base + t->from, t->n);
}

/*
 * Tells whether a comes before b in the order of bytes; of equal texts, the one added first
 * does.
 */
static bool
distinct_before(const struct distinct_text *a, const struct distinct_text *b, const uint8_t *base)
{
	int c = span_cmp(distinct_span(a, base), distinct_span(b, base));

	return c != 0 ? c < 0 : a->place < b->place;
}

/* Lets the text at i sink to its place in a heap of n texts. The last one in order is on top. */
static void
distinct_sink(struct distinct_text *heap, size_t i, size_t n, const uint8_t *base)
{
	struct distinct_text it = heap[i];
	size_t child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && distinct_before(&heap[child], &heap[child + 1], base))
			child++;
		if (!distinct_before(&it, &heap[child], base))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = it;
}

static void
distinct_sort(struct distinct_text *text, size_t n, const uint8_t *base)
{
	struct distinct_text top;

	for (size_t i = n / 2; i-- > 0;)
		distinct_sink(text, i, n, base);
	while (n-- > 1) {
		top = text[0];
		text[0] = text[n];
		text[n] = top;
		distinct_sink(text, 0, n, base);
	}
}

/* Brings the texts back into the order they were added in: each swap puts one into its place. */
static void
distinct_unsort(struct distinct_text *text, size_t n)
{
	struct distinct_text it;

	for (size_t i = 0; i < n; i++) {
		while (text[i].place != i) {
			it = text[i];
			text[i] = text[it.place];
			text[it.place] = it;
		}
	}
}

void
distinct_find(struct distinct *d, const uint8_t *base)
{
	distinct_sort(d->text, d->count, base);
	for (size_t i = 1; i < d->count; i++)
		d->text[i].again = span_eq(distinct_span(&d->text[i - 1], base),
		    distinct_span(&d->text[i], base));
	distinct_unsort(d->text, d->count);
}
