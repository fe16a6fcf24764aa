/*
 * What of a lane is proven.
 *
 * in: pages that have come, tree heads, proofs
 * out: how far the range is proven, and the questions that prove more of it
 */
#include "base/die.h"
#include "ct-fetch/log/lane_hole.h"
#include "ct-fetch/log/lane_parts.h"
#include "ct-fetch/log/protocol.h"
#include "ct/tile.h"
#include "ct/tree_row.h"

enum {
	PROVE_AGAIN = 600 * 1000,	/* ms after which a log that gave no proof is asked for one again */
	PROVE_LOCAL = 2000,	/* the same, on this machine */
	PROVE_SOON = 5000,	/* ms after which a proof that did not come is asked for again */
	MAX_REACH = 16 << 20,	/* bytes of pages that wait for a head because no proof comes */
	NEAR = 4 * TILE_WIDTH,	/* entries behind the head, up to which a tiled log counts as followed */
	HOLD_MOST = 65536,	/* pages that --hold can ask for; memory bounds them too */
	AHEAD = 64 * TILE_WIDTH,	/* entries whose hashes are known in time */
};

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
	l->fresh = l->refused = false;
	l->careful -= l->careful > 0;
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

/* Goes on with proof where the range is known. Returns false when entries before it are still to go out. */
static bool
lane_rejoin(struct lane *l)
{
	if (!l->rejoins || l->tree.n < l->rejoin.n)
		return true;
	if (l->tree.n > l->rejoin.n) {
		l->rejoins = false;	/* a page has been made longer meanwhile */
		return true;
	}
	if (l->next < l->rejoin.n)
		return false;
	l->rejoins = l->unproven = false;
	l->out = l->tree = l->proven = l->ahead = l->rejoin;
	l->told(l->cookie, l, LANE_REJOINED, NULL, NULL);
	return true;
}

void
lane_hash(struct lane *l)
{
	for (struct page *p = l->first; p != NULL && p->state == PAGE_HELD; p = p->next) {
		if (p->hashed)
			continue;
		if (!lane_rejoin(l))
			return;
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

/*
 * Copies the hashes of the entries under k, the first of which is in p, to row; the rest may be in the
 * pages behind it, when a tile was cut. Returns false when they have not all come.
 */
static bool
lane_gather(const struct page *p, const struct known_hash *k, uint8_t row[][TREE_HASH])
{
	uint64_t at = k->from, end = at + ((uint64_t)1 << k->height);

	for (; at < end && p != NULL && p->hashed; p = p->next) {
		uint64_t to = p->from + p->n < end ? p->from + p->n : end;

		memcpy(row[at - k->from], p->hashes[at - p->from], (size_t)(to - at) * TREE_HASH);
		at = to;
	}
	return at == end;
}

/* Compares what has come with the hash that is known for a tile or an entry. */
static bool
lane_compare(struct lane *l, uint8_t row[][TREE_HASH], const struct known_hash *k, struct tree *proven)
{
	struct fetch *f = l->source->fetch;
	uint8_t root[TREE_HASH];

	if (k->height == 0)
		memcpy(root, row[0], TREE_HASH);
	else
		tree_row_root(f->many, row[0], k->height, root);
	return memcmp(root, k->hash, TREE_HASH) == 0 && tree_push(proven, f->hash, root, k->height);
}

void
lane_match(struct lane *l)
{
	uint8_t row[TILE_WIDTH][TREE_HASH];
	struct tree proven = l->proven;
	const struct known_hash *k;
	bool fits = true;

	for (struct page *p = l->first; fits && p != NULL && p->hashed; p = p->next) {
		while (fits && proven.n >= p->from && proven.n < p->from + p->n &&
		    (k = known_find(&l->known, proven.n)) != NULL && lane_gather(p, k, row))
			fits = lane_compare(l, row, k, &proven);
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

bool
lane_may_reach(const struct lane *l)
{
	const struct head *h = lane_next_head(l);
	uint64_t bytes = 0, n = 0;

	for (const struct page *p = l->first; p != NULL; p = p->next) {
		if (p->state != PAGE_HELD)
			continue;
		bytes += p->body.n;
		n += p->n;
	}
	return h != NULL && bytes <= MAX_REACH &&
	    (n == 0 || (h->size - l->tree.n) <= (MAX_REACH - bytes) / (bytes / n + 1));
}

unsigned
lane_hold(const struct lane *l, uint64_t now)
{
	uint64_t page = l->source->protocol->page_end(l->source, 0), hold = l->source->fetch->hold;

	if (l->refused && lane_may_reach(l))
		return HOLD_MOST;
	if (l->careful > 0)
		return 1;
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

/*
 * Returns true when so much waits for a proof that it must not become more. Where requests are scarce, a
 * lane that has few pages asks for no proof because others fill the memory, as long as there is room for
 * more of its pages: see page_ask.
 */
static bool
lane_is_full(const struct lane *l, uint64_t now)
{
	size_t waiting = l->source->fetch->waiting, most = MAX_WAITING / 4 * 3;
	unsigned n = 0, least = lane_is_scarce(l, now) ? LANE_DEPTH : 1;

	for (const struct page *p = l->first; p != NULL && p->hashed; p = p->next)
		n += p->from + p->n > l->proven.n;
	return n >= lane_hold(l, now) || (n >= least && waiting > most) || (n > 0 && waiting > MAX_WAITING);
}

/* Returns true when what comes next will be proven by what is known. */
static bool
lane_knows(const struct lane *l)
{
	const struct known_hash *k = known_find(&l->known, l->proven.n);

	return k != NULL && k->from + ((uint64_t)1 << k->height) <= lane_limit(l);
}

/*
 * Asks a log whose entries go out unproven for the range at the end of what has been asked for, now and
 * then: the lane can go on from there with proof.
 */
static void
lane_ask_rejoin(struct lane *l, uint64_t now)
{
	if (!l->live || l->rejoins || l->asked > lane_limit(l))
		return;
	if (l->prove_at == 0)
		l->prove_at = now + (host_is_local(l->source->host) ? PROVE_LOCAL : PROVE_AGAIN);
	if (now < l->prove_at)
		return;
	l->prove_at = 0;
	l->proves_ahead = false;
	proof_seed(&l->proof, l->asked, lane_head(l));
}

/*
 * Returns the head that a proof is asked for under: the best one, or where that has given none, as it does
 * for a log that cannot serve all it has signed, by turns an older one that lies ahead.
 */
static const struct head *
lane_prove_under(const struct lane *l)
{
	const struct head *older = l->live && l->older ? heads_older(l->heads) : NULL;

	return older != NULL && older->size >= l->tree.n ? older : lane_head(l);
}

void
lane_prove(struct lane *l, uint64_t now, uint64_t *again)
{
	const struct head *h = lane_prove_under(l);
	uint64_t limit;

	if (h == NULL || l->proof.state != PROOF_IDLE || now < l->not_before)
		return;
	if (l->unproven) {
		lane_ask_rejoin(l, now);
		return;
	}
	if (now < l->prove_at) {
		*again = l->prove_at < *again ? l->prove_at : *again;
		return;
	}
	limit = h->size < lane_limit(l) ? h->size : lane_limit(l);
	if (l->source->protocol == &protocol_tiled && l->ahead.n + NEAR < limit &&
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

void
lane_proof_done(void *cookie, struct proof *proof, enum proof_result result, const char *why)
{
	struct lane *l = cookie;

	if (l->hole.state != HOLE_NONE) {
		lane_hole_proof(l, result, why);
	} else if (l->unproven) {
		l->rejoins = result == PROOF_FITS;
		l->rejoin = proof->range;
	} else if (result == PROOF_FITS) {
		l->told(l->cookie, l, LANE_CAME, NULL, NULL);
		lane_set_proven(l, l->proves_ahead ? &l->proven : &proof->range, &proof->head);
		lane_take_known(l, proof);
	} else if (result == PROOF_DIFFERS) {
		lane_misfit(l);
	} else {
		l->older = !l->older;
		l->refused = true;
		l->unproven = l->may_be_unproven;
		l->prove_at = l->unproven ? 0 : loop_now(l->source->fetch->loop) + PROVE_SOON;
		l->told(l->cookie, l, LANE_UNPROVEN, l->source->protocol->prover->what, why);
	}
	fetch_wake(l->source->fetch);
}
