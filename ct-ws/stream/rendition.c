/*
 * Keeps one rendition of the events: its ring, its readers, and who of them wants the next event.
 *
 * in: readers that come and go
 * out: a ring and crowds of readers
 */
#include "ct-ws/stream/rendition.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct-ws/stream/rendition_parts.h"
#include "ct-ws/stream/rendition_round.h"
#include "ct-ws/stream/replay.h"
#include "enc/deflate.h"

enum {
	RENDITION_RING = 512 * 1024,	/* bytes of the ring at first */
	RENDITION_CALM = 60,		/* seconds without a blocked reader until the ring gets small again */
};

static size_t
rendition_small(const struct rendition *d)
{
	return d->ring_most < RENDITION_RING ? d->ring_most : RENDITION_RING;
}

/* Chosen by bench/deflate.sh: short messages repeat those before them, long ones also themselves. */
static enum deflate_level
rendition_effort(const struct kind *kind)
{
	if (kind->pack == PACK_SINGLE)
		return DEFLATE_EVEN;
	return kind->form == FORM_FULL ? DEFLATE_SMALL : DEFLATE_QUICK;
}

/* Lets other rings have what this one has grown by. */
static void
rendition_give_back(struct rendition *d)
{
	if (d->spare != NULL)
		*d->spare += d->ring.size - rendition_small(d);
}

struct rendition *
rendition_open(const struct kind *kind, size_t ring_most, const struct rendition_calls *calls,
    const struct journal *journal, struct kind_totals *totals)
{
	struct rendition *d = calloc(1, sizeof(*d));

	if (d == NULL)
		die_world("out of memory for a rendition");
	d->kind = *kind;
	d->calls = calls;
	d->journal = journal;
	d->totals = totals;
	d->wire = wire_of(kind->wire);
	d->ring_most = ring_most;
	ring_init(&d->ring, rendition_small(d));
	if (kind->pack != PACK_PLAIN)
		d->deflate = deflate_open(rendition_effort(kind));
	return d;
}

void
rendition_close(struct rendition *d)
{
	rendition_give_back(d);
	ring_free(&d->ring);
	crowd_free(&d->all);
	crowd_free(&d->picky);
	free(d->hits);
	deflate_close(d->deflate);
	buf_free(&d->payload);
	buf_free(&d->packed);
	free(d);
}

size_t
rendition_readers(const struct rendition *d)
{
	return d->all.count + d->picky.count;
}

/* ---- who reads ---- */

void
rendition_join(struct rendition *d, struct reader *r, struct replay *replay)
{
	reader_init(r, &d->ring, &d->kind);
	r->rendition = d;
	r->replay = replay;
	crowd_add(rendition_crowd(d, r), r);
	d->grouped = 0;
	d->totals->opened++;
	if (replay != NULL)
		rendition_block(d, r);
}

void
rendition_leave(struct reader *r)
{
	struct rendition *d = r->rendition;

	rendition_undue(r);
	crowd_remove(rendition_crowd(d, r), r);
	d->totals->skipped += r->skipped;
	d->totals->sent += r->sent;
	replay_close(r->replay);
	r->replay = NULL;
	r->rendition = NULL;
	reader_free(r);
}

void
rendition_move(struct reader *r, struct rendition *to, bool picky)
{
	struct rendition *from = r->rendition;
	uint64_t missed = reader_forgo(r, &from->ring);
	bool blocked = r->blocked;

	rendition_undue(r);
	crowd_remove(rendition_crowd(from, r), r);
	r->rendition = to;
	r->picky = picky;
	r->blocked = false;
	r->at = to->ring.head;
	to->grouped = 0;
	crowd_add(rendition_crowd(to, r), r);
	reader_tell_skipped(r, missed);
	if (blocked)
		crowd_block(rendition_crowd(to, r), r);
}

/* ---- who of those with a filter wants the next event ---- */

void
rendition_hit(struct reader *r)
{
	struct rendition *d = r->rendition;

	if (r->replay != NULL || r->ending)
		return;
	if (d->hits_count == d->hits_room) {
		d->hits_room = d->hits_room == 0 ? 16 : d->hits_room * 2;
		d->hits = realloc(d->hits, d->hits_room * sizeof(struct reader *));
		if (d->hits == NULL)
			die_world("out of memory for %zu readers", d->hits_room);
	}
	d->hits[d->hits_count++] = r;
}

bool
rendition_is_wanted(const struct rendition *d)
{
	return d->all.count > 0 || d->hits_count > 0;
}

void
rendition_miss(struct rendition *d)
{
	d->hits_count = 0;
}

void
rendition_pick(struct rendition *d)
{
	uint64_t at = ring_place(&d->ring, d->ring.next - 1);

	for (size_t i = 0; i < d->hits_count; i++) {
		struct reader *r = d->hits[i];

		if (r->rendition != d)
			continue;
		reader_pick(r, &d->ring, at, (size_t)(d->ring.head - at));
		rendition_due(d, r);
		if (r->blocked)
			crowd_block(&d->picky, r);	/* it may need less of the ring than the others */
	}
}

void
rendition_calm(struct rendition *d)
{
	d->calm = d->all.blocked + d->picky.blocked > 0 ? 0 : d->calm + 1;
	if (d->calm < RENDITION_CALM || d->ring.size <= rendition_small(d) ||
	    d->ring.head - d->flushed > rendition_small(d) / 2)
		return;
	rendition_give_back(d);
	ring_resize(&d->ring, rendition_small(d));
	buf_trim(&d->payload, 0);
	buf_trim(&d->packed, 0);
}
