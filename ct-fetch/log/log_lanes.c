/*
 * The lanes of one log.
 *
 * in: what the lanes tell
 * out: turns for the lanes, and lanes for gaps; head records and gap records (ct-entry(5))
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/tell.h"
#include "ct-fetch/log/lane_hole.h"
#include "ct-fetch/log/log_parts.h"
#include "ct-fetch/log/protocol.h"
#include "ct-fetch/proof/ledger.h"
#include "os/out.h"

enum {
	SAY_AGAIN = 1000,		/* ms between head records of a log that is behind */
	GAP_AGAIN = 3600 * 1000,	/* ms until a hole is tried again */
	TAIL_SCARCE = 60 * 1000,	/* ms that an incomplete page is left alone where requests are few */
	PARTIAL = 10 * 1000,		/* ms that an incomplete tile of a remote log is left alone */
	ONCE_PATIENCE = 600 * 1000,	/* ms that a page may fail with --once */
	ONCE_TRIES = 12,		/* requests in a row that bring nothing with --once ... */
	ONCE_PROOFS = 3,		/* questions in a row that fail with --once: the log is given up */
	ONCE_DEAD = 300 * 1000,		/* ... for that many ms: the log is given up */
};

void
log_lanes_free(struct log *l)
{
	struct lane *lane;

	while ((lane = l->lanes) != NULL) {
		l->lanes = lane->other;
		lane_free(lane);
	}
}

/* ---- records ---- */

static void
log_say_head(struct log *l, const struct head *h, bool verified, uint64_t now)
{
	struct out *out = l->fetch->out;

	l->said = log_next(l);
	l->said_at = now;
	ledger_put_head(&out->bytes, &l->source, h, l->said, verified);
	out_send(out);
}

void
log_say_gap(struct log *l, uint64_t from, uint64_t to, const char *reason, bool closed)
{
	struct out *out = l->fetch->out;

	if (reason[0] == '\0')
		reason = "backlog";
	ledger_put_gap(&out->bytes, &l->source, from, to, reason, closed);
	out_send(out);
}

/* Says under which head the entries that have gone out were proven. */
static void
log_say(struct log *l, uint64_t now)
{
	const struct lane *lane = l->lanes;
	bool all = lane->next >= lane->head.size || lane_is_done(lane);

	if (lane->next <= l->said || lane->next <= lane->skip || lane->unproven ||
	    lane->next < lane->proven.n || lane->head.size == 0)
		return;
	if (all || now - l->said_at >= SAY_AGAIN)
		log_say_head(l, &lane->head, true, now);
}

/* ---- what lanes tell ---- */

static size_t
log_count_gaps(const struct log *l)
{
	size_t n = 0;

	for (const struct lane *lane = l->lanes->other; lane != NULL; lane = lane->other)
		n++;
	return n;
}

struct lane *
log_add_gap(struct log *l, const struct tree *range, uint64_t to, const struct head *head,
    const char *reason)
{
	struct lane *lane = lane_open(&l->source, &l->heads, range, to, head, log_told, l);

	lane->may_be_unproven = l->fetch->unproven;
	snprintf(lane->reason, sizeof(lane->reason), "%s", reason);
	lane->other = l->lanes->other;
	l->lanes->other = lane;
	return lane;
}

/* Says that the entries of a gap up to `to` have gone out, if there are any since it was last said. */
static void
log_close_part(struct log *l, const struct lane *gap, uint64_t to)
{
	if (gap->begin < to)
		log_say_gap(l, gap->begin, to, gap->reason, true);
}

/*
 * Lets a gap that ends where the hole begins, and waits for the same reason, owe the hole too: entries
 * that are lost one after the other are one gap. Returns that gap, or NULL when there is none.
 */
static struct lane *
log_join_gap(struct log *l, const struct lane *lane)
{
	const struct hole *h = &lane->hole;

	for (struct lane *gap = l->lanes->other; gap != NULL; gap = gap->other) {
		if (gap == lane || !gap->waits || gap->end != h->from || gap->next != gap->begin ||
		    gap->first != NULL || strncmp(gap->reason, h->why, sizeof(gap->reason) - 1) != 0)
			continue;
		gap->end = h->to;
		gap->head = *lane_head(lane);
		gap->not_before = loop_now(l->fetch->loop) + GAP_AGAIN;
		return gap;
	}
	return NULL;
}

static void
log_leave_out(struct log *l, struct lane *lane)
{
	const struct hole *h = &lane->hole;
	struct lane *gap;

	if (h->to <= lane->skip)
		return;		/* these are only fetched for the range behind them */
	tell(TELL_ERROR, "%s: entries %llu-%llu are left out: %s", l->source.name,
	    (unsigned long long)h->from, (unsigned long long)h->to - 1, h->why);
	l->errors++;
	if (!lane->live) {
		log_close_part(l, lane, h->from);
		lane->begin = h->to;
	}
	l->short_of = l->fetch->once;
	gap = lane->unproven ? NULL : log_join_gap(l, lane);
	log_say_gap(l, gap != NULL ? gap->begin : h->from, h->to, h->why, false);
	if (gap != NULL)
		return;
	if (lane->unproven || log_count_gaps(l) >= MAX_MARK_GAPS) {
		tell(TELL_ERROR, "%s: they are not tried again", l->source.name);
		return;
	}
	gap = log_add_gap(l, &h->before, h->to, lane_head(lane), h->why);
	gap->skip = lane->skip;
	gap->since = lane->since;
	gap->waits = true;
	gap->not_before = loop_now(l->fetch->loop) + GAP_AGAIN;
}

void
log_lane_trouble(struct log *l, const char *what, const char *why)
{
	uint64_t now = loop_now(l->fetch->loop);

	log_trouble(l, &l->page_trouble, what, why);
	if (l->fetch->once && l->page_trouble.row >= ONCE_TRIES &&
	    now - l->page_trouble.since >= ONCE_DEAD)
		log_give_up(l, what, why);
}

void
log_unproven(struct log *l, struct lane *lane, const char *what, const char *why)
{
	uint64_t now = loop_now(l->fetch->loop);

	if (lane->unproven) {
		tell(TELL_WARNING, "%s: gives no proof (%s: %s); its entries go out unproven",
		    l->source.name, what, why);
		log_say_head(l, &l->heads.best, false, now);
	} else {
		log_trouble(l, &l->proof_trouble, what, why);
		if (l->fetch->once && l->proof_trouble.row >= ONCE_PROOFS && !lane_may_reach(lane))
			log_give_up(l, what, why);
	}
}

/* Keeps the best head and the one that excludes it: that of what is proven, or one that lies there. */
static void
log_forked_trees(struct log *l, const struct lane *lane)
{
	const struct head *other = lane->proven.n > 0 ? heads_next(&l->heads, lane->proven.n - 1) : NULL;

	if (other == NULL || other->size != lane->proven.n)
		other = &lane->head;
	log_accuse(l, &(struct evidence_incident){
		.kind = "two trees that exclude each other", .heads = { other, &l->heads.best },
		.from = lane->proven.n, .to = lane->tree.n,
	});
}

void
log_told(void *cookie, struct lane *lane, enum lane_news news, const char *what, const char *why)
{
	struct log *l = cookie;

	switch (news) {
	case LANE_CAME:
		log_success(l, &l->page_trouble);
		break;
	case LANE_TROUBLE:
		log_lane_trouble(l, what, why);
		break;
	case LANE_WANTS_HEAD:
		l->head_due = 0;
		break;
	case LANE_PROVEN:
		log_success(l, &l->proof_trouble);
		break;
	case LANE_UNPROVEN:
		log_unproven(l, lane, what, why);
		break;
	case LANE_REJOINED:
		tell(TELL_INFO, "%s: gives proofs again; its entries are proven from %llu on",
		    l->source.name, (unsigned long long)lane->proven.n);
		l->said = lane->proven.n;
		break;
	case LANE_MISFIT:
		l->errors++;
		tell(TELL_WARNING, "%s: entries behind %llu: the entries are not those of the signed "
		    "tree; fetching them again", l->source.name, (unsigned long long)lane->proven.n);
		break;
	case LANE_FORKED:
		log_forked_trees(l, lane);
		break;
	case LANE_HOLE:
		log_leave_out(l, lane);
		break;
	}
	if (lane->live && !lane->unproven && (news == LANE_PROVEN || news == LANE_HOLE))
		log_compare_final(l, &lane->proven,
		    news == LANE_PROVEN ? &lane->head : &l->heads.best);
}

/* ---- turns ---- */

/* Returns for how many ms an incomplete page at the end of the tree is left alone. */
static uint64_t
log_tail_wait(const struct log *l, uint64_t now)
{
	const struct fetch *f = l->fetch;

	if (f->once)
		return 0;
	if (l->source.protocol == &protocol_tiled && f->partial != UINT_MAX)
		return f->partial;
	if (host_load(l->source.host, now) >= HOST_SCARCE)
		return TAIL_SCARCE;
	return l->source.protocol != &protocol_tiled || host_is_local(l->source.host) ? 0 : PARTIAL;
}

/*
 * Says under which head the entries of a gap are proven: their tree is the beginning of that of the
 * live lane, which goes on from behind the gap.
 */
static void
log_say_filled(struct log *l, const struct lane *gap)
{
	const struct lane *live = l->lanes;

	if (gap->begin < gap->end && !gap->unproven && !live->unproven && live->head.size >= log_next(l) &&
	    live->head.size > 0)
		log_say_head(l, &live->head, true, loop_now(l->fetch->loop));
}

/* Closes the gaps that have been filled. */
static void
log_close_gaps(struct log *l)
{
	struct lane **at = &l->lanes->other, *gap;

	while ((gap = *at) != NULL) {
		if (!lane_is_done(gap)) {
			at = &gap->other;
			continue;
		}
		if (gap->begin < gap->end)
			tell(TELL_INFO, "%s: the gap before %llu is closed", l->source.name,
			    (unsigned long long)gap->end);
		log_say_filled(l, gap);
		log_close_part(l, gap, gap->end);
		*at = gap->other;
		lane_free(gap);
	}
}

uint64_t
log_turn_lanes(struct log *l, uint64_t now)
{
	uint64_t again = HOST_NEVER, wait, patience = l->fetch->patience;

	log_begin_turn(l, now, &again);
	if (l->stage != LOG_RUNS)
		return again;
	wait = log_tail_wait(l, now);
	if (l->fetch->once && patience > ONCE_PATIENCE)
		patience = ONCE_PATIENCE;
	for (struct lane *lane = l->lanes; lane != NULL && !l->failed; lane = lane->other) {
		uint64_t when = lane_turn(lane, wait, patience, now);

		again = when < again ? when : again;
	}
	log_say(l, now);
	log_close_gaps(l);
	return again;
}
