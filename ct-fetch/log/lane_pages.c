/*
 * The pages of a lane: which ranges are asked for, and when.
 *
 * in: the head, the limits of what may wait, and what pages tell
 * out: pages in order of index, and their requests
 */
#include "base/tell.h"
#include "ct-fetch/log/lane_hole.h"
#include "ct-fetch/log/lane_parts.h"
#include "ct-fetch/log/protocol.h"

enum {
	LIKE_HOLE = 16,		/* what part of its time a page gets that fails as the hole before it did */
	STUCK = 3,		/* requests for a single entry that fail in a row, when the entry is told */
};

/* Makes a page of what the answer left out, behind the page it came for. */
static void
lane_add_rest(struct lane *l, struct page *p)
{
	struct page *rest;
	uint64_t to = p->to;

	if (p->from + p->n >= to)
		return;
	p->to = p->from + p->n;
	rest = page_open(l->source, p->to, to, p->size, p->told, l);
	rest->next = p->next;
	p->next = rest;
}

/* Tells which entry it is that makes all ranges fail which hold it; of these the first was told. */
static void
lane_tell_stuck(const struct lane *l, const struct page *p, const char *why)
{
	if (p->most == 1 && p->failures == STUCK)
		tell(TELL_WARNING, "%s: entry %llu cannot be had, and those behind it wait: %s; asking again",
		    l->source->name, (unsigned long long)p->from, why);
}

static void
lane_page_told(void *cookie, struct page *p, enum page_news news, const char *why)
{
	struct lane *l = cookie;
	char name[MAX_PAGE_NAME];

	switch (news) {
	case PAGE_CAME:
		if (p->from + p->n == p->until && l->depth < LANE_DEPTH)
			l->depth++;
		lane_add_rest(l, p);
		l->told(l->cookie, l, LANE_CAME, NULL, NULL);
		break;
	case PAGE_EMPTY:
		break;
	case PAGE_BEHIND:
		l->told(l->cookie, l, LANE_WANTS_HEAD, NULL, NULL);
		break;
	case PAGE_LOST:
		if (lane_head(l) != NULL)
			p->size = lane_head(l)->size;
		l->told(l->cookie, l, LANE_WANTS_HEAD, NULL, NULL);
		/* fallthrough */
	case PAGE_REFUSED:
	case PAGE_UNHEARD:
		lane_tell_stuck(l, p, why);
		l->told(l->cookie, l, LANE_TROUBLE, page_name(p, name), why);
		break;
	}
}

void
lane_grown(struct lane *l)
{
	for (struct page *p = l->first; p != NULL; p = p->next)
		if (p->patient)
			p->not_before = 0;
}

/*
 * Finds the end of the next range that no page covers. Returns false when there is none yet. An
 * incomplete page is left alone for `wait` ms, since a full one costs no more.
 */
static bool
lane_next_range(struct lane *l, uint64_t wait, uint64_t now, uint64_t *to, uint64_t *again)
{
	uint64_t limit = lane_limit(l);

	if (l->asked >= limit)
		return false;
	*to = l->source->protocol->page_end(l->source, l->asked);
	if (*to <= limit)
		return true;
	*to = limit;
	if (!l->live || limit == l->end)
		return true;
	if (l->tail_since == 0)
		l->tail_since = now;
	if (wait > now - l->tail_since) {
		uint64_t due = l->tail_since + wait;

		*again = due < *again ? due : *again;
		return false;
	}
	return true;
}

/* Lets the last page, if it is not asked for yet, bring what the log has got meanwhile. */
static void
lane_extend(struct lane *l, struct page *last)
{
	uint64_t limit = lane_limit(l), to;

	if (last == NULL || last->state != PAGE_WANTED || last->to != l->asked)
		return;
	to = l->source->protocol->page_end(l->source, last->from);
	if (to > limit)
		to = limit;
	if (to <= last->to)
		return;
	last->to = l->asked = to;
	last->size = lane_head(l)->size;
}

void
lane_add_pages(struct lane *l, uint64_t wait, uint64_t now, uint64_t *again)
{
	struct page **last = &l->first, *before = NULL;
	unsigned coming = 0;
	uint64_t to;

	for (; *last != NULL; last = &(*last)->next) {
		coming += (*last)->state != PAGE_HELD;
		before = *last;
	}
	lane_extend(l, before);
	while (coming < l->depth && lane_next_range(l, wait, now, &to, again)) {
		*last = page_open(l->source, l->asked, to, lane_head(l)->size, lane_page_told, l);
		(*last)->fresh = l->fresh;
		last = &(*last)->next;
		l->asked = to;
		l->tail_since = 0;
		coming++;
	}
}

/*
 * Returns for how many ms the page may fail. Tiles are mostly lost in a row. So one right behind a hole
 * that fails for the reason that made the hole is given less time; any other trouble may pass.
 */
static uint64_t
lane_patience(const struct lane *l, const struct page *p, uint64_t patience)
{
	bool like = l->hole_size > 0 && p->from == l->hole_end && strcmp(p->why, l->hole_why) == 0;

	return like ? patience / LIKE_HOLE : patience;
}

void
lane_ask_pages(struct lane *l, uint64_t patience, uint64_t now, uint64_t *again)
{
	unsigned held = 0, most = lane_hold(l, now) + LANE_DEPTH;
	bool careful = l->careful > 0 && !l->unproven && !l->refused;

	for (struct page *p = l->first; p != NULL; p = p->next) {
		if (careful && p->state != PAGE_HELD && p->from > l->proven.n)
			return;		/* the page before it is to be proven by itself */
		if (p->since != 0 && now - p->since > lane_patience(l, p, patience) &&
		    p->state == PAGE_WANTED) {
			lane_lose(l, p);
			return;
		}
		held += p->state == PAGE_HELD;
		if (held < most)
			page_ask(p, l->class, p == l->first, now, again);
	}
}
