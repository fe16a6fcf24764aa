/*
 * Sends one rendition of the events to all its readers.
 *
 * in: frames in a ring
 * out: the same on the sockets of the readers
 */
#include "ct-ws/stream/rendition_round.h"

#include "ct-ws/stream/rendition_parts.h"
#include "ct-ws/stream/replay.h"

enum { RENDITION_FILLS = 16 };	/* times that a replay is filled in one turn, since others wait */

/* ---- who is blocked, and who is to be served ---- */

struct crowd *
rendition_crowd(struct rendition *d, const struct reader *r)
{
	return r->picky ? &d->picky : &d->all;
}

void
rendition_block(struct rendition *d, struct reader *r)
{
	if (crowd_block(rendition_crowd(d, r), r))
		d->calls->blocked(r, true);
}

static void
rendition_unblock(struct rendition *d, struct reader *r)
{
	if (crowd_unblock(rendition_crowd(d, r), r))
		d->calls->blocked(r, false);
}

void
rendition_undue(struct reader *r)
{
	if (r->due_at == NULL)
		return;
	r->rendition->listed--;
	*r->due_at = r->due_next;
	if (r->due_next != NULL)
		r->due_next->due_at = r->due_at;
	r->due_at = NULL;
	r->due_next = NULL;
}

/* Puts r, which is in no list of those to be served, in front of list. */
static void
rendition_list(struct reader **list, struct reader *r)
{
	r->due_next = *list;
	r->due_at = list;
	if (r->due_next != NULL)
		r->due_next->due_at = &r->due_next;
	*list = r;
	r->rendition->listed++;
}

void
rendition_due(struct rendition *d, struct reader *r)
{
	if (r->due_at == NULL && !r->blocked)
		rendition_list(&d->due, r);
}

/* ---- what is sent ---- */

/* Sends to r, and lets it go on with the ring when its old records have been sent. */
static enum reader_got
rendition_send(struct rendition *d, struct reader *r)
{
	enum reader_got got;

	if (r->detached && r->at < d->ring.tail && ring_start(&d->ring, d->ring.tail) == d->ring.head)
		d->grouped = 0;		/* it can go on nowhere but at the next frame */
	got = reader_send(r, &d->ring);
	if (got == READER_DONE && r->replay != NULL && d->making_room) {
		rendition_due(d, r);	/* the journal would give it a record that the ring gives it next */
		return READER_DONE;
	}
	if (got == READER_DONE && r->replay != NULL && replay_waits(r->replay, d->journal))
		return READER_DONE;	/* rendition_resume comes when it need not wait any more */
	for (int i = 0; got == READER_DONE && r->replay != NULL; i++) {
		if (i == RENDITION_FILLS)
			return READER_BLOCKED;
		if (!replay_fill(r->replay, d->journal, &d->kind, r)) {
			replay_close(r->replay);
			r->replay = NULL;
			r->at = d->ring.head;
			d->grouped = 0;
		}
		got = reader_send(r, &d->ring);
	}
	return got;
}

void
rendition_serve(struct reader *r)
{
	struct rendition *d = r->rendition;

	switch (rendition_send(d, r)) {
	case READER_DONE:
		rendition_unblock(d, r);
		break;
	case READER_BLOCKED:
		rendition_undue(r);
		rendition_block(d, r);
		break;
	case READER_ENDED:
		d->calls->over(r, true);
		break;
	case READER_GONE:
		d->calls->over(r, false);
		break;
	}
}

bool
rendition_has_news(const struct rendition *d)
{
	return d->ring.head != d->flushed || d->due != NULL || d->in_round;
}

size_t
rendition_ready(const struct rendition *d)
{
	return d->all.count - d->all.blocked + d->listed;
}

void
rendition_begin(struct rendition *d)
{
	struct reader *r;

	d->in_round = true;
	d->round_head = d->ring.head;
	crowd_begin(&d->all);
	while ((r = d->due) != NULL) {
		rendition_undue(r);
		rendition_list(&d->now, r);
	}
}

bool
rendition_go_on(struct rendition *d, size_t *most)
{
	struct reader *r;

	if (!d->in_round)
		return true;
	for (; *most > 0; --*most) {
		if ((r = crowd_next(&d->all)) == NULL && (r = d->now) == NULL) {
			d->in_round = false;
			d->flushed = d->round_head;
			d->round_end = d->ring.head;
			return true;
		}
		rendition_undue(r);
		rendition_serve(r);
	}
	return false;
}

void
rendition_flush(struct rendition *d)
{
	size_t most = SIZE_MAX;

	rendition_begin(d);
	rendition_go_on(d, &most);
}

void
rendition_resume(struct rendition *d)
{
	for (size_t i = 0; i < d->all.count; i++)
		if (d->all.all[i]->replay != NULL)
			rendition_due(d, d->all.all[i]);
	for (size_t i = 0; i < d->picky.count; i++)
		if (d->picky.all[i]->replay != NULL)
			rendition_due(d, d->picky.all[i]);
}
