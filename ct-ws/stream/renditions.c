/*
 * Keeps the renditions that somebody reads.
 *
 * in: events of the bus, and readers with their wishes
 * out: texts for the renditions that are wanted
 */
#include "ct-ws/stream/renditions.h"

#include "ct-ws/stream/replay.h"
#include "ct-ws/stream/text.h"

enum {
	RENDITIONS_ALONE = 600,		/* seconds without a reader after which the journal gets small */
	RENDITIONS_JOURNAL = 1 << 20,	/* bytes of the journal then */
	RENDITIONS_RINGS = 6,		/* rings that may be as large as a ring can be, all together */
};

/* Returns how many bytes the journal should have now. */
static size_t
renditions_journal(const struct renditions *all)
{
	return all->alone < RENDITIONS_ALONE || all->journal_most < RENDITIONS_JOURNAL ?
	    all->journal_most : RENDITIONS_JOURNAL;
}

void
renditions_init(struct renditions *all, size_t ring_most, size_t journal_most,
    const struct rendition_calls *calls)
{
	*all = (struct renditions){ .calls = calls, .ring_most = ring_most,
		.spare = RENDITIONS_RINGS * ring_most,
		.journal_most = journal_most, .alone = RENDITIONS_ALONE };
	all->matcher = matcher_open();
	journal_init(&all->journal, renditions_journal(all));
}

void
renditions_free(struct renditions *all)
{
	for (size_t i = 0; i < KINDS; i++)
		if (all->of[i] != NULL)
			rendition_close(all->of[i]);
	for (size_t i = 0; i < FORMS; i++)
		buf_free(&all->made[i]);
	journal_free(&all->journal);
	matcher_free(all->matcher);
}

/* Returns the rendition of a kind, made when it is not there. */
static struct rendition *
renditions_get(struct renditions *all, const struct kind *kind)
{
	size_t i = kind_index(kind);
	size_t most = kind->form == FORM_DOMAINS ? all->ring_most / 4 : all->ring_most;

	if (all->of[i] == NULL) {
		all->of[i] = rendition_open(kind, most, all->calls, &all->journal, &all->totals[i]);
		all->of[i]->spare = &all->spare;
	}
	return all->of[i];
}

/*
 * Puts filter in force for r, and makes *kind one that suits it. *filter becomes NULL when it lets
 * everything through; then *match is NULL. Returns true, or false with *why when there is no room.
 */
static bool
renditions_match(struct renditions *all, struct reader *r, const struct filter **filter,
    struct kind *kind, struct matcher_client **match, const char **why)
{
	*match = NULL;
	if (*filter != NULL && filter_is_empty(*filter))
		*filter = NULL;
	if (*filter == NULL)
		return true;
	if (kind->pack == PACK_SHARED)
		kind->pack = PACK_SINGLE;
	*match = matcher_add(all->matcher, *filter, r, why);
	return *match != NULL;
}

bool
renditions_join(struct renditions *all, struct reader *r, const struct renditions_wish *wish,
    const char **why)
{
	const struct filter *filter = wish->filter;
	struct kind kind = wish->kind;
	struct replay *replay = NULL;

	if (!renditions_match(all, r, &filter, &kind, &r->match, why))
		return false;
	r->picky = filter != NULL;
	if (wish->since.epoch != 0)
		replay = replay_open(&all->journal, wish->since, filter);
	rendition_join(renditions_get(all, &kind), r, replay);
	all->alone = 0;
	journal_resize(&all->journal, renditions_journal(all));
	return true;
}

void
renditions_leave(struct renditions *all, struct reader *r)
{
	matcher_drop(all->matcher, r->match);
	r->match = NULL;
	rendition_leave(r);
}

bool
renditions_filter(struct renditions *all, struct reader *r, const struct filter *filter,
    const char **why)
{
	struct kind kind = r->rendition->kind;
	struct matcher_client *match;

	if (!renditions_match(all, r, &filter, &kind, &match, why))
		return false;
	matcher_drop(all->matcher, r->match);
	r->match = match;
	if (r->replay != NULL)
		replay_filter(r->replay, filter);
	rendition_move(r, renditions_get(all, &kind), filter != NULL);
	return true;
}

static void
renditions_matched(void *cookie, void *who, struct span name)
{
	(void)cookie;
	(void)name;
	rendition_hit(who);
}

void
renditions_put(struct renditions *all, struct bus_place place, struct span line)
{
	enum { UNKNOWN, MADE, LACKING } state[FORMS] = { UNKNOWN };
	struct span text[FORMS];

	journal_put(&all->journal, place, line);
	if (matcher_count(all->matcher) > 0)
		matcher_event(all->matcher, line, renditions_matched, NULL);
	for (size_t i = 0; i < KINDS; i++) {
		struct rendition *d = all->of[i];
		enum form form;

		if (d == NULL || !rendition_is_wanted(d))
			continue;
		form = d->kind.form;
		if (state[form] == UNKNOWN)
			state[form] = text_make(form, line, &all->made[form], &text[form]) ? MADE : LACKING;
		if (state[form] == MADE)
			rendition_put(d, text[form], place);
		else
			rendition_miss(d);
	}
}

void
renditions_pass(struct renditions *all, struct bus_place place)
{
	journal_pass(&all->journal, place);
}

void
renditions_put_old(struct renditions *all, struct bus_place place, struct span line)
{
	all->alone = 0;		/* those who come back come soon */
	journal_resize(&all->journal, renditions_journal(all));
	journal_put(&all->journal, place, line);
}

void
renditions_reach(struct renditions *all, struct bus_place place)
{
	journal_reach(&all->journal, place);
}

void
renditions_miss(struct renditions *all, uint64_t records)
{
	journal_miss(&all->journal, records);
	for (size_t i = 0; i < KINDS; i++)
		if (all->of[i] != NULL)
			rendition_put_skipped(all->of[i], records);
}

void
renditions_flush(struct renditions *all)
{
	for (size_t i = 0; i < KINDS; i++)
		if (all->of[i] != NULL && rendition_has_news(all->of[i]))
			rendition_flush(all->of[i]);
}

void
renditions_second(struct renditions *all, uint64_t unix_ms)
{
	for (size_t i = 0; i < KINDS; i++) {
		struct rendition *d = all->of[i];

		if (d != NULL && rendition_readers(d) == 0) {
			rendition_close(d);
			all->of[i] = NULL;
		} else if (d != NULL) {
			rendition_second(d, unix_ms);
			all->alone = 0;
		}
	}
	all->alone += all->alone < RENDITIONS_ALONE;
	journal_resize(&all->journal, renditions_journal(all));
}

static void
renditions_add_readers(struct renditions_sum *sum, const struct crowd *c)
{
	sum->readers += c->count;
	sum->blocked += c->blocked;
	for (size_t i = 0; i < c->count; i++) {
		sum->sent += c->all[i]->sent;
		sum->skipped += c->all[i]->skipped;
	}
}

void
renditions_sum(const struct renditions *all, enum form form, enum wire_form wire,
    struct renditions_sum *sum)
{
	*sum = (struct renditions_sum){ .readers = 0 };
	for (size_t k = 0; k < KINDS / FORMS / WIRES; k++) {
		size_t i = (form * (size_t)WIRES + wire) * (KINDS / FORMS / WIRES) + k;
		const struct kind_totals *t = &all->totals[i];

		sum->opened += t->opened;
		sum->texts += t->texts;
		sum->skipped += t->skipped;
		sum->sent += t->sent;
		if (all->of[i] == NULL)
			continue;
		renditions_add_readers(sum, &all->of[i]->all);
		renditions_add_readers(sum, &all->of[i]->picky);
		sum->filtered += all->of[i]->picky.count;
	}
}
