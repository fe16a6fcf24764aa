/*
 * Parts of lines, joined. In: messages that each hold a part. Out: whole lines.
 */
#include "bus/nats/nats_parts.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/digits.h"
#include "base/fnv.h"

enum { NATS_DONE = 64 };	/* whole lines remembered, so that their repetitions are known */

/* A line of which some parts have come. */
struct nats_line {
	uint64_t record;	/* hash of its name; 0: this place is free */
	unsigned parts, came;
	size_t bytes;		/* of the parts that came */
	struct buf *part;	/* owned; parts of them. A part that has not come has no memory */
	uint64_t at;		/* ms: when the last part came */
	bool counts;		/* it is a loss when it is given up */
};

struct nats_parts {
	struct nats_line open[NATS_OPEN];
	uint64_t done[NATS_DONE];	/* hashes of names */
	unsigned next;			/* of done, to be overwritten */
	unsigned lost;			/* lines given up that nats_parts_expire has not told */
	struct buf whole;
};

struct nats_parts *
nats_parts_open(void)
{
	struct nats_parts *p = calloc(1, sizeof(*p));

	if (p == NULL)
		die_world("out of memory for the bus");
	return p;
}

static void
nats_line_free(struct nats_line *l)
{
	for (unsigned i = 0; i < l->parts; i++)
		buf_free(&l->part[i]);
	free(l->part);
	*l = (struct nats_line){ .record = 0 };
}

void
nats_parts_free(struct nats_parts *p)
{
	if (p == NULL)
		return;
	for (unsigned i = 0; i < NATS_OPEN; i++)
		nats_line_free(&p->open[i]);
	buf_free(&p->whole);
	free(p);
}

uint64_t
nats_parts_hash(struct span text)
{
	uint64_t h = fnv_hash(text);

	return h != 0 ? h : 1;
}

static void
nats_parts_finish(struct nats_parts *p, struct nats_line *l)
{
	p->done[p->next++ % NATS_DONE] = l->record;
	nats_line_free(l);
}

static bool
nats_parts_is_done(const struct nats_parts *p, uint64_t record)
{
	for (unsigned i = 0; i < NATS_DONE; i++)
		if (p->done[i] == record)
			return true;
	return false;
}

/* Reads K/N. */
static bool
nats_part_parse(const char *text, uint64_t *k, uint64_t *n)
{
	struct span s;

	if (text == NULL)
		return false;
	s = span_str(text);
	if (!digits_take(&s, k) || s.n == 0 || s.p[0] != '/')
		return false;
	s = span_from(s, 1);
	return digits_take(&s, n) && s.n == 0 && *k >= 1 && *k <= *n && *n <= MAX_NATS_PARTS;
}

/* Returns the line of that record: an open one, or a new one in the place of the oldest. */
static struct nats_line *
nats_parts_line(struct nats_parts *p, uint64_t record, unsigned parts)
{
	struct nats_line *l = &p->open[0];

	for (unsigned i = 0; i < NATS_OPEN; i++) {
		if (p->open[i].record == record)
			return &p->open[i];
		if (l->record != 0 && (p->open[i].record == 0 || p->open[i].at < l->at))
			l = &p->open[i];
	}
	if (l->record != 0) {
		p->lost += l->counts;
		nats_parts_finish(p, l);
	}
	l->part = calloc(parts, sizeof(*l->part));
	if (l->part == NULL)
		die_world("out of memory for the bus");
	l->record = record;
	l->parts = parts;
	return l;
}

static struct span
nats_parts_join(struct nats_parts *p, const struct nats_line *l)
{
	buf_reset(&p->whole);
	(void)buf_reserve(&p->whole, l->bytes);
	for (unsigned i = 0; i < l->parts; i++)
		buf_put(&p->whole, buf_span(&l->part[i]));
	return buf_span(&p->whole);
}

enum nats_parted
nats_parts_take(struct nats_parts *p, const char *record, const char *part, struct span body,
    bool counts, uint64_t now, struct span *line)
{
	struct nats_line *l;
	uint64_t k, n, hash;

	buf_trim(&p->whole, 1 << 20);
	if (record == NULL || !nats_part_parse(part, &k, &n) || body.n == 0)
		return NATS_PART_BROKEN;
	hash = nats_parts_hash(span_str(record));
	if (nats_parts_is_done(p, hash))
		return NATS_PART_MORE;
	l = nats_parts_line(p, hash, (unsigned)n);
	if (l->parts != n || l->bytes + body.n > MAX_NATS_LINE) {
		nats_parts_finish(p, l);
		return NATS_PART_BROKEN;
	}
	l->at = now;
	l->counts |= counts;
	if (l->part[k - 1].n > 0)
		return NATS_PART_MORE;
	buf_put(&l->part[k - 1], body);
	l->bytes += body.n;
	if (++l->came < l->parts)
		return NATS_PART_MORE;
	*line = nats_parts_join(p, l);
	nats_parts_finish(p, l);
	return NATS_PART_WHOLE;
}

unsigned
nats_parts_expire(struct nats_parts *p, uint64_t now)
{
	unsigned lost = p->lost;

	p->lost = 0;
	for (unsigned i = 0; i < NATS_OPEN; i++) {
		if (p->open[i].record == 0 || now - p->open[i].at < NATS_PARTS_MS)
			continue;
		lost += p->open[i].counts;
		nats_parts_finish(p, &p->open[i]);
	}
	return lost;
}
