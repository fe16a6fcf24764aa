/*
 * One log that is followed.
 *
 * in: who it is, and where it begins
 * out: turns for its heads (log_heads.c) and its lanes (log_lanes.c), and where it is
 */
#include "ct-fetch/log/log_parts.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"

struct log *
log_open(struct fetch *f, const struct log_identity *who, const char **why)
{
	struct log *l = calloc(1, sizeof(*l));

	if (l == NULL || (l->gaps = calloc(MAX_MARK_GAPS, sizeof(*l->gaps))) == NULL)
		die_world("out of memory");
	*why = source_init(&l->source, f, &who->source);
	if (*why != NULL) {
		free(l->gaps);
		free(l);
		return NULL;
	}
	l->fetch = f;
	l->probing = who->source.protocol == NULL;
	l->given = who->given;
	l->mmd = who->mmd;
	l->final_size = who->final_size;
	memcpy(l->final_root, who->final_root, sizeof(l->final_root));
	l->end = f->end < who->final_size ? f->end : who->final_size;
	log_heads_init(l);
	log_begin_init(l);
	return l;
}

void
log_free(struct log *l)
{
	ask_cancel(&l->head_ask);
	proof_free(&l->audit.proof);
	log_begin_free(l);
	log_lanes_free(l);
	free(l->place.gaps);
	source_free(&l->source);
	free(l->gaps);
	free(l);
}

/* Compares the head of the place with all that come. A mark that was altered accuses no log. */
static void
log_recall_head(struct log *l)
{
	const char *why = head_verify(&l->place.head, l->source.key);

	if (why == NULL) {
		heads_recall(&l->heads, &l->place.head, l->place.next);
		return;
	}
	tell(TELL_WARNING, "%s: the tree head in its mark: %s", l->source.name, why);
	l->place.has_head = false;
}

void
log_place(struct log *l, const struct mark_log *place)
{
	l->placed = true;
	l->stored = place->name != NULL;
	l->place = *place;
	l->place.name = NULL;
	l->place.gaps = NULL;
	if (place->has_head)
		log_recall_head(l);
	log_compare_place(l, place->next);
	if (place->has_tree)
		log_compare_final(l, &place->tree, l->place.has_head ? &place->head : NULL);
	if (place->gaps_n == 0)
		return;
	l->place.gaps = malloc(place->gaps_n * sizeof(*place->gaps));
	if (l->place.gaps == NULL)
		die_world("out of memory");
	memcpy(l->place.gaps, place->gaps, place->gaps_n * sizeof(*place->gaps));
}

/* Writes down the gaps that are owed, in order. */
static void
log_mark_gaps(const struct log *l, struct mark_log *out)
{
	size_t n = 0;

	for (const struct lane *lane = l->lanes->other; lane != NULL && n < MAX_MARK_GAPS;
	    lane = lane->other) {
		struct mark_gap gap = {
			.from = lane->next, .to = lane->end, .has_tree = !lane->unproven,
			.size = lane->head.size, .since = lane->since,
		};
		size_t at = n;

		if (lane_is_done(lane))
			continue;
		lane_range(lane, &gap.tree);
		memcpy(gap.root, lane->head.root, TREE_HASH);
		memcpy(gap.reason, lane->reason, sizeof(gap.reason));
		for (; at > 0 && l->gaps[at - 1].from > gap.from; at--)
			l->gaps[at] = l->gaps[at - 1];
		l->gaps[at] = gap;
		n++;
	}
	out->gaps = l->gaps;
	out->gaps_n = n;
}

bool
log_mark(const struct log *l, struct mark_log *out)
{
	const struct lane *live = l->lanes;

	if (live == NULL && !l->placed)
		return false;
	*out = l->place;	/* what is there until the lanes run */
	if (live != NULL) {
		*out = (struct mark_log){
			.next = log_next(l),
			.unproven = live->unproven,
			.has_tree = !live->unproven && live->next >= live->skip,
			.has_head = live->head.size > 0, .head = live->head, .since = live->since,
		};
		lane_range(live, &out->tree);
		log_mark_gaps(l, out);
	}
	out->name = l->source.name;
	memcpy(out->id, l->source.id, HASH_SHA256);
	return true;
}

uint64_t
log_next(const struct log *l)
{
	if (l->lanes != NULL)
		return l->lanes->next > l->lanes->skip ? l->lanes->next : l->lanes->skip;
	return l->placed ? l->place.next : 0;
}

bool
log_is_done(const struct log *l)
{
	if (l->failed)
		return true;
	if (l->lanes == NULL)
		return l->placed && l->place.next >= l->end && l->place.gaps_n == 0;
	for (const struct lane *lane = l->lanes; lane != NULL; lane = lane->other)
		if (!lane_is_done(lane) && !(l->fetch->once && lane->waits))
			return false;
	return true;
}

/* Returns true when entries are owed in a gap that can be fetched. */
static bool
log_owes_gap(const struct log *l)
{
	if (l->lanes == NULL)
		return l->place.gaps_n > 0;
	for (const struct lane *gap = l->lanes->other; gap != NULL; gap = gap->other)
		if (!lane_is_done(gap) && gap->not_before < UINT64_MAX)
			return true;
	return false;
}

bool
log_finish(struct log *l)
{
	uint64_t end = l->heads.has_best ? l->heads.best.size : log_next(l);

	if (end < l->end)
		l->end = end;
	if (l->lanes != NULL && l->end < l->lanes->end)
		l->lanes->end = l->end;
	return !l->failed && (log_lag(l) > 0 || log_owes_gap(l));
}

uint64_t
log_lag(const struct log *l)
{
	uint64_t to = l->heads.best.size < l->end ? l->heads.best.size : l->end, next = log_next(l);

	return l->heads.has_best && to > next && (l->placed || l->lanes != NULL) ? to - next : 0;
}

void
log_trouble(struct log *l, struct trouble *t, const char *what, const char *why)
{
	uint64_t now = loop_now(l->fetch->loop);
	bool due = trouble_take(t, now, what, why);
	char age[MAX_TROUBLE_AGE];

	l->errors++;
	tell(due ? TELL_WARNING : TELL_DEBUG, "%s: %s: %s%s; asking again", l->source.name, what, why,
	    trouble_age(t, now, age));
}

void
log_success(struct log *l, struct trouble *t)
{
	if (trouble_end(t))
		tell(TELL_INFO, "%s: answers again", l->source.name);
}

void
log_give_up(struct log *l, const char *what, const char *why)
{
	if (l->failed)
		return;
	tell(TELL_ERROR, "%s: %s: %s; given up", l->source.name, what, why);
	l->failed = true;
	ask_cancel(&l->head_ask);
}

void
log_accuse(struct log *l, const struct evidence_incident *incident)
{
	struct evidence_incident in = *incident;

	in.name = l->source.name;
	in.id = l->source.id;
	l->forked = true;
	l->errors++;
	evidence_keep(l->fetch->evidence, loop_now(l->fetch->loop), &in);
}

uint64_t
log_turn(struct log *l)
{
	struct fetch *f = l->fetch;
	uint64_t now = loop_now(f->loop), head, lanes;

	if (f->stopping)
		return HOST_NEVER;
	lanes = log_turn_lanes(l, now);
	if (log_is_done(l))
		return HOST_NEVER;
	head = log_turn_head(l, now);
	return head < lanes ? head : lanes;
}
