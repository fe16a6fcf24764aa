/*
 * A ring of frames. In: the parts of frames. Out: bytes from any place that is
 * still held. Beside the bytes there is a ring of marks, one for each frame held,
 * in the order of their places; it grows as needed and is searched by halving.
 */
#include "base/ring.h"

#include <stdlib.h>

#include "base/die.h"

enum { RING_MARKS = 256 };	/* room for marks at the start */

static struct ring_mark *
ring_mark(const struct ring *r, uint64_t number)
{
	return &r->marks[number & (r->room - 1)];
}

void
ring_init(struct ring *r, size_t size)
{
	*r = (struct ring){ .size = size, .room = RING_MARKS };
	r->p = malloc(size);
	r->marks = malloc(RING_MARKS * sizeof(*r->marks));
	if (r->p == NULL || r->marks == NULL)
		die_world("out of memory for a ring of %zu bytes", size);
}

void
ring_free(struct ring *r)
{
	free(r->p);
	free(r->marks);
	*r = (struct ring){ .p = NULL };
}

/* Makes room for twice as many marks. */
static void
ring_widen(struct ring *r)
{
	struct ring old = *r;

	r->room *= 2;
	r->marks = malloc(r->room * sizeof(*r->marks));
	if (r->marks == NULL)
		die_world("out of memory for %zu ring marks", r->room);
	for (uint64_t i = old.first; i < old.next; i++)
		*ring_mark(r, i) = *ring_mark(&old, i);
	free(old.marks);
}

/* The number of the oldest frame that stays when n bytes are put. */
static uint64_t
ring_first_after(const struct ring *r, size_t n)
{
	uint64_t i = r->first;

	while (i < r->next && r->head + n - ring_mark(r, i)->at > r->size)
		i++;
	return i;
}

uint64_t
ring_place(const struct ring *r, uint64_t number)
{
	return number == r->next ? r->head : ring_mark(r, number)->at;
}

uint64_t
ring_tail_after(const struct ring *r, size_t n)
{
	return ring_place(r, ring_first_after(r, n));
}

/* Writes s at head, over whatever is there. */
static void
ring_write(struct ring *r, struct span s)
{
	size_t at = (size_t)(r->head % r->size);
	size_t straight = r->size - at < s.n ? r->size - at : s.n;

	if (s.n == 0)
		return;
	memcpy(r->p + at, s.p, straight);
	memcpy(r->p, s.p + straight, s.n - straight);
	r->head += s.n;
}

static bool
ring_put_frame(struct ring *r, const struct span *parts, size_t count, uint64_t records,
    bool starts)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += parts[i].n;
	if (n > r->size)
		return false;
	r->first = ring_first_after(r, n);
	r->tail = ring_place(r, r->first);
	if (r->next - r->first == r->room)
		ring_widen(r);
	*ring_mark(r, r->next) = (struct ring_mark){ r->head, r->records, starts };
	r->next++;
	for (size_t i = 0; i < count; i++)
		ring_write(r, parts[i]);
	r->records += records;
	return true;
}

bool
ring_put(struct ring *r, const struct span *parts, size_t count, uint64_t records)
{
	return ring_put_frame(r, parts, count, records, true);
}

bool
ring_append(struct ring *r, const struct span *parts, size_t count, uint64_t records)
{
	return ring_put_frame(r, parts, count, records, false);
}

void
ring_resize(struct ring *r, size_t size)
{
	struct ring old;

	while (r->head - r->tail > size)
		r->tail = ring_place(r, ++r->first);
	old = *r;

	r->p = malloc(size);
	if (r->p == NULL)
		die_world("out of memory for a ring of %zu bytes", size);
	r->size = size;
	r->head = old.tail;
	while (r->head < old.head)
		ring_write(r, ring_get(&old, r->head, (size_t)(old.head - r->head)));
	free(old.p);
}

struct span
ring_get(const struct ring *r, uint64_t at, size_t most)
{
	size_t from = (size_t)(at % r->size);
	uint64_t n = r->head - at;

	if (n > r->size - from)
		n = r->size - from;
	return span_of(r->p + from, n < most ? (size_t)n : most);
}

/* The number of the first frame that begins at the place at or behind it. */
static uint64_t
ring_number(const struct ring *r, uint64_t at)
{
	uint64_t low = r->first, high = r->next, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (ring_mark(r, middle)->at < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t
ring_boundary(const struct ring *r, uint64_t at)
{
	return ring_place(r, ring_number(r, at));
}

uint64_t
ring_frame(const struct ring *r, uint64_t at)
{
	return ring_place(r, ring_number(r, at + 1) - 1);
}

uint64_t
ring_start(const struct ring *r, uint64_t at)
{
	uint64_t number = ring_number(r, at);

	while (number < r->next && !ring_mark(r, number)->starts)
		number++;
	return ring_place(r, number);
}

uint64_t
ring_records(const struct ring *r, uint64_t boundary)
{
	uint64_t number = ring_number(r, boundary);

	return number == r->next ? r->records : ring_mark(r, number)->records;
}
