/*
 * Remembers the newest records of the bus.
 *
 * in: lines with their places
 * out: the lines behind a place
 */
#include "ct-ws/stream/journal.h"

enum { JOURNAL_HEAD = sizeof(struct bus_place) };

void
journal_init(struct journal *j, size_t bytes)
{
	*j = (struct journal){ .count = 0 };
	ring_init(&j->ring, bytes);
}

void
journal_free(struct journal *j)
{
	ring_free(&j->ring);
}

void
journal_resize(struct journal *j, size_t bytes)
{
	if (bytes != j->ring.size)
		ring_resize(&j->ring, bytes);
}

static void
journal_begin_epoch(struct journal *j, uint64_t epoch)
{
	if (j->count == JOURNAL_EPOCHS)
		memmove(&j->epochs[0], &j->epochs[1], --j->count * sizeof(j->epochs[0]));
	j->epochs[j->count].epoch = epoch;
	j->epochs[j->count++].first = j->ring.next;
}

void
journal_put(struct journal *j, struct bus_place place, struct span line)
{
	const struct span parts[] = { { (const uint8_t *)&place, JOURNAL_HEAD }, line };

	if (place.epoch == 0)
		return;
	if (j->count == 0 || j->epochs[j->count - 1].epoch != place.epoch)
		journal_begin_epoch(j, place.epoch);
	ring_put(&j->ring, parts, 2, 1);
}

/* Copies n bytes of the ring from the place `at` on to p. */
static void
journal_copy(const struct journal *j, uint64_t at, size_t n, uint8_t *p)
{
	while (n > 0) {
		struct span s = ring_get(&j->ring, at, n);

		memcpy(p, s.p, s.n);
		at += s.n;
		n -= s.n;
		p += s.n;
	}
}

static struct bus_place
journal_place(const struct journal *j, uint64_t number)
{
	struct bus_place place;

	journal_copy(j, ring_place(&j->ring, number), JOURNAL_HEAD, (uint8_t *)&place);
	return place;
}

/* Returns the number of the first frame from low to high (exclusive) whose seq is above seq, or high. */
static uint64_t
journal_search(const struct journal *j, uint64_t low, uint64_t high, uint64_t seq)
{
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (journal_place(j, middle).seq <= seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t
journal_find(const struct journal *j, struct bus_place since, struct journal_at *at)
{
	size_t i = 0;
	uint64_t low, high, oldest;

	at->number = j->ring.first;
	while (i < j->count && j->epochs[i].epoch != since.epoch)
		i++;
	if (i == j->count)
		return JOURNAL_UNKNOWN;
	low = j->epochs[i].first;
	high = i + 1 < j->count ? j->epochs[i + 1].first : j->ring.next;
	if (high < j->ring.first)
		return JOURNAL_UNKNOWN;
	if (low < j->ring.first)
		low = j->ring.first;
	at->number = journal_search(j, low, high, since.seq);
	if (at->number > low || low == high)
		return 0;
	oldest = journal_place(j, low).seq;
	return oldest > since.seq + 1 ? oldest - since.seq - 1 : 0;
}

uint64_t
journal_skip(const struct journal *j, struct journal_at *at)
{
	uint64_t skipped = at->number < j->ring.first ? j->ring.first - at->number : 0;

	at->number += skipped;
	return skipped;
}

bool
journal_next(const struct journal *j, struct journal_at *at, struct bus_place *place,
    struct span *line, struct buf *out)
{
	uint64_t from, to;

	if (at->number == j->ring.next)
		return false;
	*place = journal_place(j, at->number);
	from = ring_place(&j->ring, at->number) + JOURNAL_HEAD;
	to = ring_place(&j->ring, ++at->number);
	*line = ring_get(&j->ring, from, (size_t)(to - from));
	if (line->n < to - from) {
		buf_reset(out);
		journal_copy(j, from, (size_t)(to - from), buf_reserve(out, (size_t)(to - from)));
		buf_commit(out, (size_t)(to - from));
		*line = buf_span(out);
	}
	return true;
}
