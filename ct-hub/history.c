/*
 * Keeps the newest lines. In: the lines that the hub publishes. Out: those from a number on.
 *
 * Lines are counted by their LFs. So that a number is found fast, the ring is divided into blocks,
 * and the place and the number of the first line put in each block are noted: only the lines from
 * there on are looked at.
 */
#include "ct-hub/history.h"

#include <stdlib.h>

#include "base/die.h"

enum { HISTORY_BLOCK = 64 * 1024 };	/* bytes */

void
history_init(struct history *h, size_t bytes)
{
	*h = (struct history){ .size = bytes, .first = 1, .next = 1 };
	if (bytes == 0)
		return;
	h->p = malloc(bytes);
	h->marks = calloc(bytes / HISTORY_BLOCK + 1, sizeof(*h->marks));
	if (h->p == NULL || h->marks == NULL)
		die_world("out of memory for a history of %zu bytes", bytes);
}

void
history_free(struct history *h)
{
	free(h->p);
	free(h->marks);
}

/* Returns the kept bytes from the place `at` on, as far as they lie in one piece, most at most. */
static struct span
history_piece(const struct history *h, uint64_t at, uint64_t most)
{
	size_t from = (size_t)(at % h->size);
	uint64_t n = h->head - at;

	if (n > h->size - from)
		n = h->size - from;
	return span_of(h->p + from, (size_t)(n < most ? n : most));
}

/* Returns the place behind the line that begins at `at`, which is below head. */
static uint64_t
history_behind(const struct history *h, uint64_t at)
{
	struct span s = history_piece(h, at, UINT64_MAX);
	const uint8_t *lf = memchr(s.p, '\n', s.n);

	if (lf != NULL)
		return at + (uint64_t)(lf - s.p) + 1;
	s = history_piece(h, at += s.n, UINT64_MAX);	/* it goes on at the start of the ring */
	lf = memchr(s.p, '\n', s.n);
	if (lf == NULL)
		die_bug("a line in the history has no end");
	return at + (uint64_t)(lf - s.p) + 1;
}

static struct history_mark *
history_mark(const struct history *h, uint64_t at)
{
	return &h->marks[at % h->size / HISTORY_BLOCK];
}

/* Returns the best mark from which line seq can be counted to, or that of the oldest line. */
static struct history_mark
history_start(const struct history *h, uint64_t seq)
{
	struct history_mark start = { h->tail, h->first };

	for (size_t i = 0; i <= h->size / HISTORY_BLOCK; i++) {
		const struct history_mark *m = &h->marks[i];

		if (m->seq <= seq && m->seq > start.seq && m->at >= h->tail)
			start = *m;
	}
	return start;
}

/* Copies s, which is no larger than the ring, behind the newest byte. */
static void
history_write(struct history *h, struct span s)
{
	size_t at = (size_t)(h->head % h->size);
	size_t straight = h->size - at < s.n ? h->size - at : s.n;

	memcpy(h->p + at, s.p, straight);
	if (s.n > straight)
		memcpy(h->p, s.p + straight, s.n - straight);
	h->head += s.n;
}

/* Drops everything, because lines is larger than the ring. Returns the last of lines that fit. */
static struct span
history_begin_anew(struct history *h, struct span lines)
{
	struct span line;

	while (lines.n > h->size && span_line(&lines, &line))
		h->next++;
	h->tail = h->head;
	h->first = h->next;
	return lines;
}

void
history_put(struct history *h, struct span lines, uint64_t count)
{
	uint64_t next = h->next + count;
	struct history_mark *m;

	if (lines.n > h->size)
		lines = history_begin_anew(h, lines);
	if (lines.n == 0)
		return;
	while (h->head + lines.n - h->tail > h->size) {
		h->tail = history_behind(h, h->tail);
		h->first++;
	}
	m = history_mark(h, h->head);
	if (m->seq == 0 || m->at < h->tail)
		*m = (struct history_mark){ h->head, h->next };
	history_write(h, lines);
	h->next = next;
}

uint64_t
history_first(const struct history *h, uint64_t seq)
{
	if (seq < h->first)
		return h->first;
	return seq < h->next ? seq : h->next;
}

void
history_get(const struct history *h, uint64_t seq, size_t most, struct buf *out)
{
	struct history_mark from;
	uint64_t end, next;

	if (seq >= h->next)
		return;
	for (from = history_start(h, seq); from.seq < seq; from.seq++)
		from.at = history_behind(h, from.at);
	end = history_behind(h, from.at);
	while (end < h->head && (next = history_behind(h, end)) - from.at <= most)
		end = next;
	while (from.at < end) {
		struct span s = history_piece(h, from.at, end - from.at);

		buf_put(out, s);
		from.at += s.n;
	}
}
