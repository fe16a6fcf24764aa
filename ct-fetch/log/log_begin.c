/*
 * How a log begins.
 *
 * in: the log's place, and its first head
 * out: its live lane, and those for the gaps that are owed
 *
 * Every lane begins behind a compact range that is known to belong to the log's tree. A mark holds
 * that range; where there is no mark, the log is asked for it. A small tree is read from its first
 * entry instead.
 */
#include "base/tell.h"
#include "ct-fetch/log/lane_hole.h"
#include "ct-fetch/log/log_parts.h"
#include "ct-fetch/log/protocol.h"
#include "ct-fetch/log/since.h"

enum {
	USUAL_MMD = 86400 * 1000,	/* ms that a log may take to put an entry in, where no list says it */
	MAX_REBUILT = 16384,		/* entries fetched for a range that the log does not prove */
	SEED_AGAIN = 60 * 1000,		/* ms until a range is asked for again */
};

static void log_seeded(void *cookie, struct proof *p, enum proof_result result, const char *why);

void
log_begin_init(struct log *l)
{
	proof_init(&l->seed, &l->source, log_seeded, l);
}

void
log_begin_free(struct log *l)
{
	since_free(l->search);
	proof_free(&l->seed);
}

static void
log_run(struct log *l, const struct tree *range)
{
	struct lane *live = lane_open(&l->source, &l->heads, range, l->end, NULL, log_told, l);
	struct tree none;

	live->may_be_unproven = l->fetch->unproven;
	live->since = l->place.since;
	if (l->place.has_head)
		live->head = l->place.head;
	l->lanes = live;
	l->said = range->n;
	l->stage = LOG_RUNS;
	for (size_t i = 0; i < l->place.gaps_n; i++) {
		const struct mark_gap *g = &l->place.gaps[i];
		struct head head = { .size = g->size };
		struct lane *gap;

		memcpy(head.root, g->root, TREE_HASH);
		if (!g->has_tree)
			lane_unknown_range(&none, g->from);
		gap = log_add_gap(l, g->has_tree ? &g->tree : &none, g->to, &head, g->reason);
		log_say_gap(l, g->from, g->to, g->reason, false);
		gap->since = g->since;
		gap->unproven = !g->has_tree;
		gap->waits = gap->unproven && !l->fetch->unproven;
		gap->not_before = gap->waits ? UINT64_MAX : 0;
	}
}

/*
 * Returns true when what has not come of a log, from the entry next on, is so much that the log goes on
 * at its head, and the rest comes later.
 */
static bool
log_is_far_behind(const struct log *l, uint64_t next)
{
	const struct fetch *f = l->fetch;
	uint64_t size = l->heads.best.size;

	return !f->once && f->backlog > 0 && size < l->end && size > next && size - next > f->backlog;
}

/* Lets the live lane fill what is owed up to where range is, which is proven under head, as a gap. */
static void
log_jump(struct log *l, const struct tree *range, const struct head *head)
{
	struct lane *gap = l->lanes, *live;

	live = lane_open(&l->source, &l->heads, range, l->end, NULL, log_told, l);
	live->may_be_unproven = l->fetch->unproven;
	live->head = *head;
	live->other = gap;
	l->lanes = live;
	lane_become_gap(gap, range->n, head);
	heads_reach(&l->heads, range->n);
	l->said = range->n;
	tell(TELL_INFO, "%s: %llu entries behind: goes on at its head, and fetches them beside that",
	    l->source.name, (unsigned long long)(range->n - gap->next));
	log_say_gap(l, gap->next, range->n, "", false);
}

/*
 * Looks whether a log that runs has fallen so far behind that it goes on at its head. One that was
 * begun far behind, as with -s 0, comes in order until it has reached a head. What waits for a proof has
 * come, and is not behind: where requests are scarce it may be two minutes of what the log grows by.
 */
static void
log_watch_lag(struct log *l, uint64_t now, uint64_t *again)
{
	const struct lane *live = l->lanes;

	if (l->whole_at == 0 && !l->place.has_head)
		return;
	if (l->seed.state != PROOF_IDLE) {
		proof_turn(&l->seed, now, again);
	} else if (log_is_far_behind(l, lane_come(live)) && lane_may_jump(live) && now >= l->seed_due) {
		l->seed_due = now + SEED_AGAIN;
		proof_seed(&l->seed, l->heads.best.size, &l->heads.best);
	}
}

/* The log does not say what its tree is like at its place. */
static void
log_begin_anyhow(struct log *l, uint64_t at, const char *why)
{
	struct tree range;

	if (l->fetch->unproven) {
		lane_unknown_range(&range, at);
		log_run(l, &range);
		l->lanes->unproven = true;
		log_unproven(l, l->lanes, l->source.protocol->prover->what, why);
	} else if (at <= MAX_REBUILT) {
		tree_init(&range);
		log_run(l, &range);
		l->lanes->skip = at;
	} else {
		l->stage = LOG_WAITS;
		l->seed_due = loop_now(l->fetch->loop) + SEED_AGAIN;
		log_trouble(l, &l->page_trouble, l->source.protocol->prover->what, why);
		if (l->fetch->once)
			log_give_up(l, l->source.protocol->prover->what, why);
	}
}

static void
log_seeded(void *cookie, struct proof *p, enum proof_result result, const char *why)
{
	struct log *l = cookie;
	bool jumps = l->place.has_tree;

	fetch_wake(l->fetch);
	if (l->stage == LOG_RUNS) {
		if (result != PROOF_FAILED && lane_may_jump(l->lanes) && l->lanes->asked <= p->at)
			log_jump(l, &p->range, &p->head);
		return;
	}
	if (result == PROOF_FAILED && jumps) {
		log_run(l, &l->place.tree);	/* so it goes on where it was */
		return;
	}
	if (result == PROOF_FAILED) {
		log_begin_anyhow(l, p->at, why);
		return;
	}
	log_success(l, &l->page_trouble);
	log_run(l, &p->range);
	l->lanes->head = p->head;
	log_compare_final(l, &p->range, &p->head);
	if (!jumps)
		return;
	tell(TELL_INFO, "%s: %llu entries behind: goes on at its head, and fetches them beside that",
	    l->source.name, (unsigned long long)(p->at - l->place.next));
	/* What --since still looks for is looked for in the gap. */
	log_add_gap(l, &l->place.tree, p->at, &p->head, "")->since = l->place.since;
	l->lanes->since = (struct mark_since){ 0 };
	log_say_gap(l, l->place.next, p->at, "", false);
}

static void
log_searched(void *cookie, const char *what, const char *why)
{
	struct log *l = cookie;

	if (why == NULL)
		log_success(l, &l->page_trouble);
	else
		log_lane_trouble(l, what, why);
}

/*
 * Tells once that a stored place is beyond the log's tree. Where that tree was seen larger, it has
 * become smaller; a place without hashes may come from another program, and be wrong.
 */
static void
log_tell_beyond(struct log *l, uint64_t at, uint64_t size)
{
	if (l->beyond || !l->stored)
		return;
	tell(l->place.has_tree ? TELL_ERROR : TELL_WARNING,
	    "%s: its place is entry %llu, and its tree has %llu only: it waits", l->source.name,
	    (unsigned long long)at, (unsigned long long)size);
	l->beyond = true;
	if (!l->place.has_tree)
		return;
	l->errors++;
	if (l->fetch->once)
		log_give_up(l, l->source.protocol->head_path, "its tree has become smaller");
}

/*
 * Returns the time of the entry to look for, in ms since 1970. A log puts an entry in at most its MMD after
 * the entry's time. So behind an entry that is older than --since by its MMD or more, and nowhere before
 * it, lies all that is not older than --since. What lies there before the first such entry is fetched,
 * to know which that is, and is not put out.
 */
static uint64_t
log_since(const struct log *l)
{
	uint64_t since = l->fetch->since, mmd = l->mmd > 0 ? l->mmd : USUAL_MMD;

	return since > mmd ? since - mmd : 1;
}

/* Begins once a head is there that reaches the log's place. */
static void
log_begin(struct log *l, uint64_t now, uint64_t *again)
{
	uint64_t size = l->heads.best.size, at = l->placed ? l->place.next : size;
	struct tree none;

	if (l->heads.has_best && at > size)
		log_tell_beyond(l, at, size);
	if (!l->heads.has_best || at > size)
		return;
	if (!l->placed && l->fetch->since > 0) {
		l->search = since_open(&l->source, log_since(l), &l->heads.best, log_searched, l);
		l->searched = size;
		l->stage = LOG_LOOKS;
		return;
	}
	if (log_audits_place(l, now, again))
		return;
	if (now < l->seed_due) {
		*again = l->seed_due < *again ? l->seed_due : *again;
		return;
	}
	if (at == 0) {
		tree_init(&none);
		log_run(l, &none);
	} else if (!l->place.has_tree) {
		l->stage = LOG_SEEDS;
		proof_seed(&l->seed, at, &l->heads.best);
	} else if (l->place.has_head && l->audit.recall == RECALL_DONE &&
	    log_is_far_behind(l, l->place.next)) {
		l->stage = LOG_SEEDS;
		proof_seed(&l->seed, size, &l->heads.best);
	} else {
		log_run(l, &l->place.tree);
	}
}

/* ---- by time ---- */

/* Goes on with the search for the first entry of --since. Returns true when it is found. */
static bool
log_look(struct log *l, uint64_t now, uint64_t *again)
{
	uint64_t index;

	if (!since_turn(l->search, now, again, &index))
		return false;
	since_free(l->search);
	l->search = NULL;
	l->place.next = index;
	l->place.since = (struct mark_since){ l->fetch->since, l->searched };
	l->placed = true;
	l->stage = LOG_WAITS;
	tell(TELL_INFO, "%s: begins at entry %llu", l->source.name, (unsigned long long)index);
	return true;
}

void
log_begin_turn(struct log *l, uint64_t now, uint64_t *again)
{
	if (l->stage == LOG_WAITS)
		log_begin(l, now, again);
	if (l->stage == LOG_LOOKS && log_look(l, now, again))
		log_begin(l, now, again);
	if (l->stage == LOG_SEEDS)
		proof_turn(&l->seed, now, again);
	else if (l->stage == LOG_RUNS)
		log_watch_lag(l, now, again);
}
