/*
 * One range of a log's entries, from the requests to standard output.
 *
 * in: pages, tree heads, proofs
 * out: requests for pages and proofs; entry records of what is proven
 */
#include "ct-fetch/log/lane.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log/lane_hole.h"
#include "ct-fetch/log/protocol.h"
#include "ct/tile.h"
#include "ct/tree_row.h"
#include "os/out.h"

enum {
	NEAR = 4 * TILE_WIDTH,	/* entries behind the head, up to which a tiled log counts as followed */
	HOLD_MOST = 65536,	/* pages that --hold can ask for; memory bounds them too */
	AHEAD = 64 * TILE_WIDTH,	/* entries whose hashes are known in time */
};

static void lane_proof_done(void *cookie, struct proof *proof, enum proof_result result,
    const char *why);

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

/* Takes the page at *at out of the lane, and frees it. */
static void
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

/* ---- what is proven ---- */

void
lane_forget(struct lane *l)
{
	known_free(&l->known);
	l->ahead = l->proven;
}

/* Notes that all of range, which has come, is in the tree of head. */
static void
lane_set_proven(struct lane *l, const struct tree *range, const struct head *head)
{
	if (range->n <= l->proven.n)
		return;
	l->proven = *range;
	l->misfits = 0;
	l->fresh = false;
	if (l->live)
		l->head = *head;
	if (l->ahead.n < range->n)
		lane_forget(l);
	l->told(l->cookie, l, LANE_PROVEN, NULL, NULL);
}

/* The range has reached the size of a signed head. Returns false when their roots differ. */
static bool
lane_meet(struct lane *l, const struct head *head)
{
	const struct head h = *head;	/* heads_reach moves it */
	uint8_t root[TREE_HASH];

	tree_root(&l->tree, l->source->fetch->hash, root);
	if (memcmp(root, h.root, TREE_HASH) == 0) {
		lane_set_proven(l, &l->tree, &h);
	} else if (l->tree.n <= l->proven.n) {
		l->told(l->cookie, l, LANE_FORKED, NULL, NULL);
	} else {
		return false;
	}
	if (l->live)
		heads_reach(l->heads, h.size);
	return true;
}

/* Returns the next head that the range of a page comes to, or NULL. */
static const struct head *
lane_next_head(const struct lane *l)
{
	if (l->live)
		return heads_next(l->heads, l->tree.n);
	return l->tree.n < l->head.size ? &l->head : NULL;
}

/* Adds the leaves of a page to the range, up to index. */
static void
lane_push(struct lane *l, const struct page *p, uint64_t index)
{
	size_t from = (size_t)(l->tree.n - p->from), n = (size_t)(index - l->tree.n);

	if (l->tree.n < p->from || index > p->from + p->n ||
	    !tree_push_leaves(&l->tree, l->source->fetch->hash, l->source->fetch->many,
	    span_of(p->hashes[from], n * TREE_HASH)))
		die_bug("%s: a range and a page do not meet", l->source->name);
}

static bool
lane_hash_page(struct lane *l, struct page *p)
{
	uint64_t end = p->from + p->n;
	const struct head *h;

	while ((h = lane_next_head(l)) != NULL && h->size <= end) {
		lane_push(l, p, h->size);
		if (!l->unproven && !lane_meet(l, h)) {
			p->after = l->tree;
			return false;
		}
		if (l->unproven && l->live)
			heads_reach(l->heads, l->tree.n);
	}
	lane_push(l, p, end);
	p->after = l->tree;
	p->hashed = true;
	return true;
}

/* Adds what has come in order to the range. */
static void
lane_hash(struct lane *l)
{
	for (struct page *p = l->first; p != NULL && p->state == PAGE_HELD; p = p->next) {
		if (p->hashed)
			continue;
		if (!lane_hash_page(l, p)) {
			p->hashed = true;	/* as far as the head: the rest is dropped */
			page_shorten(p, l->tree.n);
			while (p->next != NULL)
				lane_drop(&p->next);
			l->asked = l->tree.n;
			lane_misfit(l);
			return;
		}
	}
}

/* Compares a page with the hash that is known for its tile or for one of its entries. */
static bool
lane_compare(struct lane *l, const struct page *p, const struct known_hash *k, struct tree *proven)
{
	struct fetch *f = l->source->fetch;
	size_t at = (size_t)(k->from - p->from);
	uint8_t root[TREE_HASH];

	if (k->height == 0) {
		if (memcmp(p->hashes[at], k->hash, TREE_HASH) != 0)
			return false;
		return tree_push(proven, f->hash, k->hash, 0);
	}
	tree_row_root(f->many, p->hashes[at], k->height, root);
	if (memcmp(root, k->hash, TREE_HASH) != 0)
		return false;
	return tree_push(proven, f->hash, root, k->height);
}

/* Proves what has come by what is known. */
static void
lane_match(struct lane *l)
{
	struct tree proven = l->proven;
	const struct known_hash *k;
	bool fits = true;

	for (struct page *p = l->first; fits && p != NULL && p->hashed; p = p->next) {
		while (fits && proven.n >= p->from && proven.n < p->from + p->n &&
		    (k = known_find(&l->known, proven.n)) != NULL &&
		    proven.n + ((uint64_t)1 << k->height) <= p->from + p->n)
			fits = lane_compare(l, p, k, &proven);
	}
	if (proven.n > l->proven.n)
		lane_set_proven(l, &proven, &l->known_head);
	known_drop(&l->known, l->proven.n);
	if (!fits)
		lane_misfit(l);
}

static bool
lane_is_scarce(const struct lane *l, uint64_t now)
{
	return host_load(l->source->host, now) >= HOST_SCARCE;
}

/*
 * Returns how many pages may wait for a proof. The first ones of a run wait for few, so that a run that
 * is ended soon has got somewhere.
 */
static unsigned
lane_hold(const struct lane *l, uint64_t now)
{
	uint64_t page = l->source->protocol->page_end(l->source, 0), hold = l->source->fetch->hold;

	if (hold > 0)
		return hold / page < HOLD_MOST ? (unsigned)((hold + page - 1) / page) : HOLD_MOST;
	if (lane_is_scarce(l, now))
		return LANE_HOLD_LONG;
	return l->proven.n == l->begin ? LANE_HOLD_FIRST : LANE_HOLD;
}

/*
 * Returns true where requests are scarce and a head is near. It proves what has come without a
 * request of its own, as soon as the page comes in which it lies.
 */
static bool
lane_waits_for_head(const struct lane *l, uint64_t now)
{
	const struct head *h = lane_next_head(l);

	return l->live && h != NULL && lane_is_scarce(l, now) &&
	    h->size - l->tree.n <= lane_hold(l, now) * l->source->protocol->page_end(l->source, 0);
}

/* Returns true when nothing that is on its way will soon prove what has come. */
static bool
lane_is_idle(const struct lane *l, uint64_t now)
{
	const struct page *p = l->first;

	while (p != NULL && p->hashed)
		p = p->next;
	if (p == NULL)
		return !lane_waits_for_head(l, now);
	return p->state == PAGE_WANTED && (p->failures > 1 || p->not_before > now + 1000);
}

/* Returns true when so much waits for a proof that it must not become more. */
static bool
lane_is_full(const struct lane *l, uint64_t now)
{
	unsigned n = 0;

	for (const struct page *p = l->first; p != NULL && p->hashed; p = p->next)
		n += p->from + p->n > l->proven.n;
	return n >= lane_hold(l, now) || (n > 0 && l->source->fetch->waiting > MAX_WAITING / 2);
}

/* Returns true when what comes next will be proven by what is known. */
static bool
lane_knows(const struct lane *l)
{
	const struct known_hash *k = known_find(&l->known, l->proven.n);

	return k != NULL && k->from + ((uint64_t)1 << k->height) <= lane_limit(l);
}

/*
 * Asks for a proof where one is needed. Far behind the head of a tiled log, the hashes of what comes
 * next are asked for; otherwise whether what has come belongs to the signed tree.
 */
static void
lane_prove(struct lane *l, uint64_t now)
{
	const struct head *h = lane_head(l);

	if (h == NULL || l->unproven || l->proof.state != PROOF_IDLE || now < l->not_before)
		return;
	if (l->source->protocol == &protocol_tiled && l->ahead.n + NEAR < lane_limit(l) &&
	    l->ahead.n <= l->asked + AHEAD && !lane_waits_for_head(l, now)) {
		l->proves_ahead = true;
		proof_check(&l->proof, &l->ahead, h);
	} else if (l->tree.n > l->proven.n && !lane_knows(l) &&
	    (lane_is_idle(l, now) || lane_is_full(l, now))) {
		l->proves_ahead = false;
		proof_check(&l->proof, &l->tree, h);
	}
}

static void
lane_take_known(struct lane *l, const struct proof *proof)
{
	const struct known *k = &proof->known;

	if (!l->proves_ahead || (l->known.n > l->known.first && known_end(&l->known) != proof->at))
		known_free(&l->known);
	for (size_t i = k->first; i < k->n; i++)
		known_add(&l->known, k->hashes[i].from, k->hashes[i].height, k->hashes[i].hash);
	l->known_head = proof->head;
	l->ahead = proof->ahead;
	if (l->ahead.n < l->proven.n)
		lane_forget(l);
}

static void
lane_proof_done(void *cookie, struct proof *proof, enum proof_result result, const char *why)
{
	struct lane *l = cookie;

	if (l->hole.state != HOLE_NONE) {
		lane_hole_proof(l, result, why);
	} else if (result == PROOF_FITS) {
		l->told(l->cookie, l, LANE_CAME, NULL, NULL);
		lane_set_proven(l, l->proves_ahead ? &l->proven : &proof->range, &proof->head);
		lane_take_known(l, proof);
	} else if (result == PROOF_DIFFERS) {
		lane_misfit(l);
	} else {
		l->not_before = loop_now(l->source->fetch->loop) + 5000;
		l->unproven = l->may_be_unproven;
		l->told(l->cookie, l, LANE_UNPROVEN, l->source->protocol->prover->what, why);
	}
	fetch_wake(l->source->fetch);
}

/* ---- pages ---- */

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

static void
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

static void
lane_ask_pages(struct lane *l, uint64_t patience, uint64_t now, uint64_t *again)
{
	unsigned held = 0, most = lane_hold(l, now) + LANE_DEPTH;

	for (struct page *p = l->first; p != NULL; p = p->next) {
		/* A page right behind a hole is given less time: it is like the one before. */
		bool like = l->hole_size > 0 && p->from == l->hole_end;

		if (p->since != 0 && now - p->since > (like ? patience / 16 : patience) &&
		    p->state == PAGE_WANTED) {
			lane_lose(l, p);
			return;
		}
		held += p->state == PAGE_HELD;
		if (held < most)
			page_ask(p, l->class, p == l->first, now, again);
	}
}

/* Puts out what is proven, as far as standard output has room. */
static void
lane_put(struct lane *l)
{
	uint64_t limit = l->unproven ? l->tree.n : l->proven.n;

	while (l->first != NULL && l->first->hashed && l->first->from < limit) {
		struct page *p = l->first;
		bool begins = p->put == 0;
		bool whole = page_put(p, limit, l->skip);

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
		lane_prove(l, now);
		proof_turn(&l->proof, now, &again);	/* before the pages: it lets them go out */
		lane_ask_pages(l, patience, now, &again);
	}
	return again;
}
