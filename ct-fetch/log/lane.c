/*
 * One range of a log's entries, from the requests to standard output.
 *
 * in: a place in the log; what has come (lane_pages.c) and been proven (lane_proof.c)
 * out: turns for both; entry records of what is proven
 */
#include "ct-fetch/log/lane.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log/lane_hole.h"
#include "ct-fetch/log/lane_parts.h"
#include "ct-fetch/log/protocol.h"
#include "os/out.h"

struct lane *
lane_open(const struct source *s, struct heads *heads, const struct tree *range, uint64_t end,
    const struct head *gap, void (*told)(void *cookie, struct lane *l, enum lane_news news,
    const char *what, const char *why), void *cookie)
{
	struct lane *l = calloc(1, sizeof(*l));

	if (l == NULL)
		die_world("out of memory");
	l->source = s;
	l->heads = heads;
	l->live = gap == NULL;
	l->class = l->live ? HOST_PAGE : HOST_GAP;
	if (gap != NULL)
		l->head = *gap;
	l->begin = l->next = l->asked = range->n;
	l->end = end;
	l->depth = 1;
	l->out = l->tree = l->proven = l->ahead = *range;
	l->told = told;
	l->cookie = cookie;
	proof_init(&l->proof, s, lane_proof_done, l);
	return l;
}

void
lane_drop(struct page **at)
{
	struct page *p = *at;

	*at = p->next;
	page_free(p);
}

void
lane_free(struct lane *l)
{
	while (l->first != NULL)
		lane_drop(&l->first);
	proof_free(&l->proof);
	known_free(&l->known);
	free(l);
}

bool
lane_is_done(const struct lane *l)
{
	return l->next >= l->end;
}

const struct head *
lane_head(const struct lane *l)
{
	if (!l->live)
		return &l->head;
	return l->heads->has_best ? &l->heads->best : NULL;
}

uint64_t
lane_limit(const struct lane *l)
{
	const struct head *h = lane_head(l);

	if (h == NULL)
		return 0;
	return h->size < l->end ? h->size : l->end;
}

uint64_t
lane_come(const struct lane *l)
{
	return l->tree.n > l->next ? l->tree.n : l->next;
}

void
lane_range(const struct lane *l, struct tree *range)
{
	const struct page *p = l->first;

	*range = l->out;
	if (p != NULL && p->put > 0)
		(void)tree_push_row(range, l->source->fetch->hash,
		    span_of(p->hashes, (size_t)p->put * TREE_HASH), 0);
}

void
lane_shrink(struct lane *l)
{
	if (l->asked <= lane_limit(l))
		return;
	proof_cancel(&l->proof);
	l->hole.state = HOLE_NONE;
	if (l->unproven)
		return;		/* what is asked for beyond the head fails, and is asked for again */
	lane_rewind(l);
	lane_forget(l);
}

bool
lane_may_jump(const struct lane *l)
{
	return !l->unproven && l->next >= l->skip && l->hole.state == HOLE_NONE && l->asked <= lane_limit(l);
}

void
lane_become_gap(struct lane *l, uint64_t end, const struct head *head)
{
	l->live = false;
	l->class = HOST_GAP;
	l->begin = l->next;
	l->end = end;
	l->head = *head;
}

void
lane_rewind(struct lane *l)
{
	struct page **at = &l->first;

	while (*at != NULL && (*at)->hashed && (*at)->from + (*at)->n <= l->proven.n)
		at = &(*at)->next;
	if (*at != NULL && (*at)->hashed && (*at)->from < l->proven.n) {
		page_shorten(*at, l->proven.n);
		(*at)->after = l->proven;
		at = &(*at)->next;
	}
	while (*at != NULL)
		lane_drop(at);
	l->tree = l->proven;
	l->asked = l->proven.n;
}

/* Passes over what a page has before limit and in front of the first entry that is as late as is wanted. */
static void
lane_pass_early(struct lane *l, const struct page *p, uint64_t limit)
{
	unsigned n = limit - p->from < p->n ? (unsigned)(limit - p->from) : (unsigned)p->n, i = 0;

	if (l->since.ms == 0)
		return;
	while (i < n && p->from + i < l->since.to && l->source->protocol->page_time(p, i) < l->since.ms)
		i++;
	if (p->from + i > l->skip)
		l->skip = p->from + i;
	if (i < n)
		l->since = (struct mark_since){ 0 };
}

/* Puts out what is proven, as far as standard output has room. */
static void
lane_put(struct lane *l)
{
	uint64_t limit = l->unproven ? l->tree.n : l->proven.n;

	while (l->first != NULL && l->first->hashed && l->first->from < limit) {
		struct page *p = l->first;
		bool begins = p->put == 0, whole;

		lane_pass_early(l, p, limit);
		whole = page_put(p, limit, l->skip);
		if (begins && p->put > 0 && p->odd != NULL)
			tell(TELL_WARNING, "%s: entries %llu-%llu: %s", l->source->name,
			    (unsigned long long)p->from, (unsigned long long)p->to - 1, p->odd);
		l->next = p->from + p->put;
		if (!whole)
			break;
		l->out = p->after;
		lane_drop(&l->first);
	}
}

uint64_t
lane_turn(struct lane *l, uint64_t wait, uint64_t patience, uint64_t now)
{
	uint64_t again = HOST_NEVER;

	lane_put(l);
	if (lane_is_done(l))
		return HOST_NEVER;
	if (l->hole.state != HOLE_NONE) {
		lane_hole_turn(l);
		proof_turn(&l->proof, now, &again);
		return again;
	}
	lane_hash(l);
	if (l->hole.state == HOLE_NONE)
		lane_match(l);
	lane_put(l);
	if (now < l->not_before) {
		again = l->not_before;
	} else if (l->hole.state == HOLE_NONE) {
		lane_add_pages(l, wait, now, &again);
		lane_prove(l, now, &again);
		proof_turn(&l->proof, now, &again);	/* before the pages: it lets them go out */
		lane_ask_pages(l, patience, now, &again);
	}
	return again;
}
