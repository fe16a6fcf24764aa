/*
 * What a lane does with entries that cannot be had, or that do not fit the signed tree.
 *
 * in: entries that do not fit, and pages that have failed for too long
 * out: entries fetched again; then a hole, as small as can be, behind which the lane goes on
 *
 * Entries that do not fit are fetched again first, after a while and over another connection,
 * because caches and gateways of logs have been seen to answer wrongly for minutes. From then on they
 * come page by page, as one of several servers of a log may be wrong: each page that fits is proven,
 * whatever is wrong behind it. When that does not help, the log is asked for its own ranges: the first
 * entry behind which ours differs from the signed one is the one that does not fit.
 */
#include "ct-fetch/log/lane_hole.h"

#include <stdio.h>

#include "base/die.h"
#include "ct-fetch/log/lane_parts.h"
#include "ct-fetch/log/protocol.h"
#include "ct-fetch/state/evidence.h"
#include "ct/tree_proof.h"

enum {
	REFETCHES = 3,		/* times that entries are fetched again before the log is doubted */
	NEAR_HOLE = 1024,	/* entries behind a hole, up to which they are not fetched again */
	CAREFUL = 16,		/* pages that are fetched and proven one by one, when entries did not fit */
};

/* ms before entries that do not fit are fetched again: caches keep a page for a minute. */
static const unsigned wait_remote[REFETCHES] = { 5 * 1000, 60 * 1000, 120 * 1000 };
static const unsigned wait_local[REFETCHES] = { 300, 1000, 2000 };

/* Extends range by the entries that have come, up to index, which is in what is hashed. */
static void
lane_hole_extend(const struct lane *l, struct tree *range, uint64_t index)
{
	for (const struct page *p = l->first; p != NULL && p->hashed; p = p->next) {
		uint64_t end = p->from + p->n < index ? p->from + p->n : index;

		if (end <= range->n || range->n < p->from)
			continue;
		(void)tree_push_row(range, l->source->fetch->hash,
		    span_of(p->hashes[range->n - p->from], (size_t)(end - range->n) * TREE_HASH), 0);
	}
}

/* Computes the range at index of the entries that have come; index is in what is hashed. */
static void
lane_hole_range(const struct lane *l, uint64_t index, struct tree *range)
{
	*range = l->proven;
	lane_hole_extend(l, range, index);
}

/* Returns true when the log can be asked for the signed range at index. */
static bool
lane_hole_can_ask(const struct lane *l, uint64_t index)
{
	return l->source->protocol == &protocol_tiled || index == 0 ||
	    tree_ask_for(index, lane_head(l)->size) != 0;
}

/* Asks for the signed range at index. */
static void
lane_hole_ask(struct lane *l, uint64_t index)
{
	proof_seed(&l->proof, index, lane_head(l));
}

static void
lane_hole_seek(struct lane *l)
{
	struct hole *h = &l->hole;

	proof_cancel(&l->proof);
	lane_forget(l);
	*h = (struct hole){ .state = HOLE_SEEKS, .from = l->proven.n, .to = l->tree.n };
	snprintf(h->why, sizeof(h->why), "the entry is not the one in the signed tree");
	lane_hole_ask(l, h->to);
}

void
lane_misfit(struct lane *l)
{
	struct fetch *f = l->source->fetch;
	const unsigned *wait = host_is_local(l->source->host) ? wait_local : wait_remote;

	if (l->hole.state != HOLE_NONE)
		return;
	/* Behind a hole the log has been doubted already. */
	if (l->misfits == REFETCHES || (l->hole_size > 0 && l->proven.n < l->hole_end + NEAR_HOLE)) {
		l->misfits = 0;
		lane_hole_seek(l);
		return;
	}
	proof_cancel(&l->proof);
	lane_rewind(l);
	lane_forget(l);
	l->fresh = true;
	l->careful = CAREFUL;
	l->not_before = loop_now(f->loop) + wait[l->misfits++];
	l->told(l->cookie, l, LANE_MISFIT, NULL, NULL);
}

/* Keeps the answer that holds the first entry of the hole as evidence. */
static void
lane_hole_accuse(const struct lane *l)
{
	const struct source *s = l->source;
	const struct page *p = l->first;
	struct buf url = { 0 };

	while (p != NULL && l->hole.from >= p->from + p->n)
		p = p->next;
	buf_puts(&url, s->url);
	if (p != NULL)
		s->protocol->page_path(p, &url);
	evidence_keep(s->fetch->evidence, loop_now(s->fetch->loop), &(struct evidence_incident){
		.name = s->name, .id = s->id, .kind = "entries that are not in the signed tree",
		.heads = { lane_head(l) }, .from = l->hole.from, .to = l->hole.to,
		.answers = { { buf_str(&url), p != NULL ? buf_span(&p->body) : SPAN("") } },
	});
	buf_free(&url);
}

/* All that is before the hole is proven: it goes out, then the lane goes on behind the hole. */
static void
lane_hole_ready(struct lane *l)
{
	l->hole.before = l->proven;
	lane_rewind(l);
	l->hole.state = HOLE_READY;
}

/*
 * Makes the hole larger when it adjoins the one before it: where all entries are wrong from one on,
 * as when the log has left one out, their number would be too many steps.
 */
static void
lane_hole_widen(struct lane *l)
{
	struct hole *h = &l->hole;
	uint64_t limit = lane_limit(l), size = 2 * l->hole_size;

	if (l->hole_size == 0 || h->from != l->hole_end || h->to - h->from >= size) {
		lane_hole_accuse(l);
		lane_hole_ready(l);
		return;
	}
	h->to = size < limit - h->from ? h->from + size : limit;
	if (!lane_hole_can_ask(l, h->to))
		h->to = limit;
	h->state = HOLE_SEEDS;
	lane_hole_ask(l, h->to);
}

/* Begins to look for the end of a hole that was widened; its first entry is known not to fit. */
static void
lane_hole_trim(struct lane *l)
{
	struct hole *h = &l->hole;

	h->end = h->behind;
	h->low = h->from + 1;
	h->high = h->to;
	h->state = HOLE_TRIMS;
	lane_hole_ask(l, h->low + (h->high - h->low) / 2);
}

/* Has the signed range at the middle of where the end of the hole must be. */
static void
lane_hole_trimmed(struct lane *l)
{
	struct hole *h = &l->hole;
	uint64_t at = l->proof.at;
	struct tree ours = l->proof.range;

	lane_hole_extend(l, &ours, h->to);
	if (span_eq(tree_nodes(&ours), tree_nodes(&h->end))) {
		h->high = at;
		h->behind = l->proof.range;
	} else {
		h->low = at + 1;
	}
	if (h->low < h->high) {
		lane_hole_ask(l, h->low + (h->high - h->low) / 2);
		return;
	}
	h->to = h->high;
	lane_hole_accuse(l);
	lane_hole_ready(l);
}

/* The tree that the log signs now does not begin with what it has proven before. */
static void
lane_hole_forked(struct lane *l, const struct tree *theirs)
{
	l->told(l->cookie, l, LANE_FORKED, NULL, NULL);
	l->hole.to = l->hole.from;
	l->hole.behind = *theirs;
	lane_hole_ready(l);
}

/*
 * All that has come fits the tree of the best head. So either the log had answered wrongly before, or
 * a head that lies here belongs to another tree.
 */
static void
lane_hole_fits(struct lane *l, const struct tree *ours)
{
	const struct head *h = l->live ? heads_next(l->heads, ours->n - 1) : NULL;

	l->proven = *ours;
	l->hole.state = HOLE_NONE;
	lane_rewind(l);
	lane_forget(l);
	if (h == NULL || h->size != ours->n)
		return;
	l->told(l->cookie, l, LANE_FORKED, NULL, NULL);
	heads_reach(l->heads, ours->n);
}

/* Returns where to look next between the ends of the hole, or its end when there is no such place. */
static uint64_t
lane_hole_middle(const struct lane *l)
{
	uint64_t at = l->hole.from + (l->hole.to - l->hole.from) / 2;

	if (at == l->hole.from)
		at++;
	while (at < l->hole.to && !lane_hole_can_ask(l, at))
		at++;
	return at;
}

/* Has the signed range at the middle, or at an end, of where the misfit must be. */
static void
lane_hole_compare(struct lane *l)
{
	struct hole *h = &l->hole;
	uint64_t at = l->proof.at;
	struct tree ours;

	lane_hole_range(l, at, &ours);
	if (span_eq(tree_nodes(&ours), tree_nodes(&l->proof.range))) {
		h->from = at;
		h->before = ours;
	} else if (at == l->proven.n) {
		lane_hole_forked(l, &l->proof.range);
		return;
	} else {
		h->to = at;
		h->behind = l->proof.range;
	}
	if (h->from == h->to) {
		lane_hole_fits(l, &ours);
	} else if (h->before.n != h->from && l->proven.n > 0 && lane_hole_can_ask(l, h->from)) {
		lane_hole_ask(l, h->from);
	} else if ((at = lane_hole_middle(l)) < h->to) {
		lane_hole_ask(l, at);
	} else {
		lane_hole_range(l, h->from, &ours);
		l->proven = ours;
		lane_hole_widen(l);
	}
}

void
lane_unknown_range(struct tree *range, uint64_t n)
{
	static const uint8_t none[MAX_TREE_NODES * TREE_HASH];

	if (!tree_restore(range, n, span_of(none, (size_t)tree_node_count(n) * TREE_HASH)))
		die_bug("a range of too many leaves");
}

/* Goes on without proof. */
static void
lane_hole_fill(struct lane *l)
{
	struct hole *h = &l->hole;

	lane_unknown_range(&h->behind, h->to);
	h->before = l->tree;
	h->state = HOLE_READY;
}

/* Has a signed range that was asked for. */
static void
lane_hole_seeded(struct lane *l)
{
	struct hole *h = &l->hole;

	if (h->state == HOLE_SEEKS) {
		lane_hole_compare(l);
	} else if (h->state == HOLE_TRIMS) {
		lane_hole_trimmed(l);
	} else {
		h->behind = l->proof.range;
		/* Of a page that cannot be had there is nothing to compare. */
		if (l->tree.n >= h->to && h->to - h->from > 1)
			lane_hole_trim(l);
		else
			lane_hole_ready(l);
	}
}

void
lane_hole_proof(struct lane *l, enum proof_result result, const char *why)
{
	struct hole *h = &l->hole;

	if (result != PROOF_FAILED) {
		lane_hole_seeded(l);
		return;
	}
	l->unproven = l->may_be_unproven;
	l->told(l->cookie, l, LANE_UNPROVEN, l->source->protocol->prover->what, why);
	if (l->unproven && h->state == HOLE_SEEDS) {
		lane_hole_fill(l);
		return;
	}
	h->state = HOLE_NONE;
	lane_rewind(l);
	l->not_before = loop_now(l->source->fetch->loop) + wait_remote[0];
}

/*
 * Returns the end of the hole that a page makes that cannot be had: where it ends, or behind that among
 * the first three entries, where get-sth-consistency has no range. 0: there is no such place yet.
 */
static uint64_t
lane_hole_end(const struct lane *l, const struct page *p)
{
	uint64_t to = p->until, size = lane_head(l)->size;

	if (l->unproven)
		return to <= size ? to : 0;
	while (to <= size && !lane_hole_can_ask(l, to))
		to++;
	return to <= lane_limit(l) ? to : 0;
}

void
lane_lose(struct lane *l, const struct page *p)
{
	struct hole *h = &l->hole;
	uint64_t to = lane_hole_end(l, p);

	if (p->from != l->tree.n || l->proof.state != PROOF_IDLE || to == 0)
		return;
	if (!l->unproven && l->proven.n < p->from) {
		l->proves_ahead = false;
		proof_check(&l->proof, &l->tree, lane_head(l));
		return;
	}
	*h = (struct hole){ .state = HOLE_SEEDS, .from = p->from, .to = to };
	snprintf(h->why, sizeof(h->why), "%s", p->why);
	if (l->unproven)
		lane_hole_fill(l);
	else
		lane_hole_ask(l, h->to);
}

void
lane_hole_turn(struct lane *l)
{
	struct hole *h = &l->hole;

	if (h->state != HOLE_READY || l->next < h->from)
		return;
	l->next = h->to;
	l->out = l->proven = h->behind;
	lane_rewind(l);
	lane_forget(l);
	if (h->to > h->from) {
		l->hole_size = h->to - h->from;
		l->hole_end = h->to;
		memcpy(l->hole_why, h->why, sizeof(l->hole_why));
		l->told(l->cookie, l, LANE_HOLE, NULL, h->why);
	}
	h->state = HOLE_NONE;
	fetch_wake(l->source->fetch);
}
