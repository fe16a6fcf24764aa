/*
 * Keeps messages. In: lines that are published. Out: messages for readers, and answers to those
 * who ask for newest events or older records.
 *
 * A message takes memory for its lines and for its place in the ring; both count against the
 * backlog of a reader, so that a stream of tiny messages cannot take more than one of large ones.
 */
#include "bus/sp/sp_journal.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/die.h"
#include "ct/record.h"

enum { SP_JOURNAL_RING = 256 };	/* messages that the first ring has room for */

/* ---- memory ---- */

static struct sp_slab *
sp_slab_take(struct sp_journal *j, size_t least)
{
	struct sp_slab *s = j->free;
	size_t size = least > SP_SLAB ? least : SP_SLAB;

	if (least <= SP_SLAB && s != NULL) {
		j->free = s->next;
		j->free_count--;
	} else {
		s = mmap(NULL, sizeof(*s) + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (s == MAP_FAILED)
			die_world("out of memory for %zu bytes of records:", size);
		s->size = size;
	}
	s->used = s->messages = 0;
	s->open = true;
	return s;
}

/* Gives the memory back to the system: malloc would keep that of a long line for ever. */
static void
sp_slab_free(struct sp_slab *s)
{
	if (munmap(s, sizeof(*s) + s->size) < 0)
		die_bug("memory of records cannot be given back");
}

/* Frees slab when no message lies in it and no line can be added. */
static void
sp_slab_drop(struct sp_journal *j, struct sp_slab *s)
{
	if (s == NULL || s->messages > 0 || s->open)
		return;
	if (s->size > SP_SLAB || j->free_count == SP_SLABS_KEPT) {
		sp_slab_free(s);
		return;
	}
	s->next = j->free;
	j->free = s;
	j->free_count++;
}

static void
sp_slab_close(struct sp_journal *j, struct sp_slab *s)
{
	if (s == NULL)
		return;
	s->open = false;
	sp_slab_drop(j, s);
}

void
sp_journal_init(struct sp_journal *j, struct bus_place first, size_t history, unsigned keep)
{
	*j = (struct sp_journal){ .history = history, .keep = keep, .next = first,
		.size = SP_JOURNAL_RING };
	j->ring = calloc(j->size, sizeof(*j->ring));
	if (j->ring == NULL)
		die_world("out of memory for the bus");
}

static void
sp_journal_drop_first(struct sp_journal *j)
{
	struct sp_journal_message *m = &j->ring[j->first++ & (j->size - 1)];

	j->events -= m->events;
	if (m->slab == NULL)
		return;
	m->slab->messages--;
	sp_slab_drop(j, m->slab);
}

void
sp_journal_free(struct sp_journal *j)
{
	struct sp_slab *s;

	while (j->first < j->end)
		sp_journal_drop_first(j);
	sp_slab_close(j, j->draft);
	sp_slab_close(j, j->put);
	while ((s = j->free) != NULL) {
		j->free = s->next;
		sp_slab_free(s);
	}
	free(j->ring);
}

/* ---- what comes ---- */

uint8_t *
sp_journal_space(struct sp_journal *j, size_t *room)
{
	struct sp_slab *old = j->draft, *s;
	size_t draft = old == NULL ? 0 : old->used - j->draft_from;

	if (old == NULL || old->size - old->used < PUBLISHER_SPACE) {
		s = sp_slab_take(j, 2 * draft + PUBLISHER_SPACE);
		if (draft > 0)
			memcpy(s->p, old->p + j->draft_from, draft);
		s->used = draft;
		j->draft = s;
		j->draft_from = 0;
		sp_slab_close(j, old);
	}
	*room = j->draft->size - j->draft->used;
	return j->draft->p + j->draft->used;
}

void
sp_journal_fill(struct sp_journal *j, size_t n)
{
	j->draft->used += n;
}

struct span
sp_journal_draft(const struct sp_journal *j)
{
	if (j->draft == NULL)
		return SPAN("");
	return span_of(j->draft->p + j->draft_from, j->draft->used - j->draft_from);
}

void
sp_journal_discard(struct sp_journal *j, size_t n)
{
	j->draft_from += n;
}

/* Makes the ring twice as large. */
static void
sp_journal_grow(struct sp_journal *j)
{
	size_t size = 2 * j->size;
	struct sp_journal_message *ring = calloc(size, sizeof(*ring));

	if (ring == NULL)
		die_world("out of memory for %zu messages", size);
	for (uint64_t m = j->first; m < j->end; m++)
		ring[m & (size - 1)] = j->ring[m & (j->size - 1)];
	free(j->ring);
	j->ring = ring;
	j->size = size;
}

/* Writes the head of m, which says where it stands and how long it is. */
static void
sp_journal_write_head(struct sp_journal_message *m, uint64_t epoch)
{
	char place[SP_PLACE + 1];
	size_t n = sp_message_head(place, (struct bus_place){ epoch, m->seq });

	sp_frame_head(m->head, n + m->n);
	memcpy(m->head + SP_HEAD, place, n);
	m->head_n = (uint8_t)(SP_HEAD + n);
}

/* Adds a message of lines that lie at p in slab; slab is NULL when there are none. */
static void
sp_journal_add(struct sp_journal *j, struct sp_slab *slab, const uint8_t *p, struct publisher_lines lines)
{
	struct sp_journal_message *m;

	if (j->end - j->first == j->size)
		sp_journal_grow(j);
	m = &j->ring[j->end++ & (j->size - 1)];
	*m = (struct sp_journal_message){ .slab = slab, .p = p, .n = lines.n, .at = j->bytes,
		.seq = j->next.seq, .records = lines.records, .events = lines.events };
	sp_journal_write_head(m, j->next.epoch);
	if (slab != NULL)
		slab->messages++;
	j->next.seq += lines.records;
	j->bytes += lines.n + sizeof(*m);
	j->events += lines.events;
}

void
sp_journal_publish(struct sp_journal *j, struct publisher_lines lines)
{
	sp_journal_add(j, j->draft, j->draft->p + j->draft_from, lines);
	j->draft_from += lines.n;
}

/*
 * Adds a copy of lines to the last message, if nobody has begun to take that, it ends where the
 * copied lines end, and there is room. Returns false when another message has to be made.
 */
static bool
sp_journal_extend(struct sp_journal *j, const uint8_t *p, struct publisher_lines lines)
{
	struct sp_journal_message *m = &j->ring[(j->end - 1) & (j->size - 1)];
	struct sp_slab *s = j->put;

	if (j->end == j->closed || j->end == j->first || m->slab == NULL || m->slab != s ||
	    m->p + m->n != s->p + s->used || m->n + lines.n > BUS_BATCH || s->size - s->used < lines.n)
		return false;
	memcpy(s->p + s->used, p, lines.n);
	s->used += lines.n;
	m->n += lines.n;
	m->records += lines.records;
	m->events += lines.events;
	sp_journal_write_head(m, j->next.epoch);
	j->next.seq += lines.records;
	j->bytes += lines.n;
	j->events += lines.events;
	return true;
}

void
sp_journal_close(struct sp_journal *j)
{
	j->closed = j->end;
}

void
sp_journal_put(struct sp_journal *j, const uint8_t *p, struct publisher_lines lines)
{
	struct sp_slab *old = j->put;
	uint8_t *to;

	if (lines.n == 0) {
		sp_journal_add(j, NULL, NULL, lines);
		return;
	}
	if (sp_journal_extend(j, p, lines))
		return;
	if (old == NULL || old->size - old->used < lines.n) {
		j->put = sp_slab_take(j, lines.n);
		sp_slab_close(j, old);
	}
	to = j->put->p + j->put->used;
	memcpy(to, p, lines.n);
	j->put->used += lines.n;
	sp_journal_add(j, j->put, to, lines);
}

/* ---- what goes ---- */

const struct sp_journal_message *
sp_journal_at(const struct sp_journal *j, uint64_t m)
{
	return &j->ring[m & (j->size - 1)];
}

uint64_t
sp_journal_behind(const struct sp_journal *j, uint64_t m)
{
	return m >= j->end ? 0 : j->bytes - sp_journal_at(j, m)->at;
}

uint64_t
sp_journal_skip(const struct sp_journal *j, uint64_t m, uint64_t backlog)
{
	uint64_t high = j->end;

	while (m < high) {
		uint64_t middle = m + (high - m) / 2;

		if (sp_journal_behind(j, middle) > backlog)
			m = middle + 1;
		else
			high = middle;
	}
	return m;
}

/* Returns true when message number m, the oldest one, is wanted by those who ask. */
static bool
sp_journal_wants(const struct sp_journal *j, uint64_t m)
{
	uint64_t behind = sp_journal_behind(j, m + 1);

	return behind < j->history ||
	    (j->events - sp_journal_at(j, m)->events < j->keep && behind < MAX_SP_KEPT);
}

void
sp_journal_trim(struct sp_journal *j, uint64_t m)
{
	while (j->first < m && j->first < j->end && !sp_journal_wants(j, j->first))
		sp_journal_drop_first(j);
}

/* ---- answers ---- */

static void
sp_journal_put_place(const struct sp_journal *j, uint64_t seq, struct buf *out)
{
	char place[SP_PLACE + 1];

	buf_put(out, span_of(place, sp_message_head(place, (struct bus_place){ j->next.epoch, seq })));
}

/* Appends the events among the lines of m, but for the first skip of them. */
static void
sp_journal_put_events(const struct sp_journal_message *m, uint64_t skip, struct buf *out)
{
	struct span lines = span_of(m->p, m->n), line;

	while (m->events > skip && span_line(&lines, &line)) {
		if (record_kind(line) != RECORD_EVENT)
			continue;
		if (skip > 0) {
			skip--;
			continue;
		}
		line.n++;	/* with its LF */
		buf_put(out, line);
	}
}

/* Returns the number of the first message that has record seq or a later one. */
static uint64_t
sp_journal_find(const struct sp_journal *j, uint64_t seq)
{
	uint64_t low = j->first, high = j->end;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		const struct sp_journal_message *m = sp_journal_at(j, middle);

		if (m->seq + m->records <= seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
sp_journal_latest(const struct sp_journal *j, unsigned count, uint64_t before, struct buf *out)
{
	uint64_t events = 0, most = count == 0 || count > j->keep ? j->keep : count;
	uint64_t end = before == 0 || before >= j->next.seq ? j->end : sp_journal_find(j, before), m = end;

	while (m > j->first && events < most && sp_journal_behind(j, m) < MAX_SP_KEPT)
		events += sp_journal_at(j, --m)->events;
	sp_journal_put_place(j, end == j->end ? j->next.seq : sp_journal_at(j, end)->seq, out);
	for (uint64_t skip = events > most ? events - most : 0; m < end; m++, skip = 0)
		sp_journal_put_events(sp_journal_at(j, m), skip, out);
}

/* Returns the lines of m from record seq on. */
static struct span
sp_journal_lines(const struct sp_journal_message *m, uint64_t seq)
{
	return span_behind_lines(span_of(m->p, m->n), seq > m->seq ? seq - m->seq : 0);
}

void
sp_journal_since(const struct sp_journal *j, uint64_t seq, size_t most, struct buf *out)
{
	uint64_t m = j->history == 0 ? j->end : sp_journal_find(j, seq), first;
	size_t before;

	while (m < j->end && sp_journal_at(j, m)->records == 0)
		m++;
	first = m < j->end ? sp_journal_at(j, m)->seq : j->next.seq;
	if (first < seq)
		first = seq < j->next.seq ? seq : j->next.seq;
	sp_journal_put_place(j, first, out);
	before = out->n;
	for (; m < j->end; m++) {
		struct span lines = sp_journal_lines(sp_journal_at(j, m), seq), line;

		while (span_line(&lines, &line)) {
			line.n++;	/* with its LF */
			if (out->n > before && out->n - before + line.n > most)
				return;
			buf_put(out, line);
		}
	}
}
