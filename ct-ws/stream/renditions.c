/*
 * Keeps the renditions that somebody reads.
 *
 * in: events of the bus, and readers with their wishes
 * out: texts for the renditions that are wanted
 */
#include "ct-ws/stream/renditions.h"

#include "ct-ws/stream/rendition_round.h"
#include "ct-ws/stream/replay.h"
#include "ct-ws/stream/text.h"

enum {
	RENDITIONS_ALONE = 600,		/* seconds without a reader after which the journal may get smaller */
	RENDITIONS_RINGS = 6,		/* rings that may be as large as a ring can be, all together */
};

/* Returns how many bytes the journal should have now. */
static size_t
renditions_journal(const struct renditions *all)
{
	return all->alone < RENDITIONS_ALONE ? all->sizes.journal : all->sizes.journal_alone;
}

void
renditions_init(struct renditions *all, const struct renditions_sizes *sizes,
    const struct rendition_calls *calls)
{
	*all = (struct renditions){ .calls = calls, .sizes = *sizes,
		.spare = RENDITIONS_RINGS * sizes->ring, .alone = RENDITIONS_ALONE };
	all->compiler = compiler_open();
	all->matcher = matcher_open(all->compiler);
	journal_init(&all->journal, renditions_journal(all));
}

/* Closes the rendition open[i], in whose place comes the last one. */
static void
renditions_drop(struct renditions *all, size_t i)
{
	struct rendition *d = all->open[i];

	all->of[kind_index(&d->kind)] = NULL;
	all->packed -= d->deflate != NULL;
	all->open[i] = all->open[--all->count];
	rendition_close(d);
}

void
renditions_free(struct renditions *all)
{
	while (all->count > 0)
		renditions_drop(all, 0);
	for (size_t i = 0; i < FORMS; i++)
		buf_free(&all->made[i]);
	journal_free(&all->journal);
	matcher_free(all->matcher);
	compiler_free(all->compiler);
}

/* Returns the rendition of a kind, made when it is not there. */
static struct rendition *
renditions_get(struct renditions *all, const struct kind *kind)
{
	size_t i = kind_index(kind);
	size_t most = kind->form == FORM_DOMAINS ? all->sizes.ring / 4 : all->sizes.ring;

	struct rendition *d = all->of[i];

	if (d != NULL)
		return d;
	d = rendition_open(kind, most, all->calls, &all->journal, &all->totals[i]);
	d->spare = &all->spare;
	all->packed += d->deflate != NULL;
	all->of[i] = d;
	all->open[all->count++] = d;
	return d;
}

/* Leaves the compression of a kind out where there are as many compressors as there may be. */
static void
renditions_unpack(const struct renditions *all, struct kind *kind)
{
	if (kind->pack != PACK_PLAIN && all->packed == MAX_RENDITIONS_PACKED &&
	    all->of[kind_index(kind)] == NULL)
		kind->pack = PACK_PLAIN;
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

enum ticket_got
renditions_prepare(struct renditions *all, struct ticket **t, const struct filter *filter,
    bool resumes)
{
	return ticket_take(t, all->compiler, filter, resumes ? NULL : all->matcher);
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
	renditions_unpack(all, &kind);
	r->picky = filter != NULL;
	if (wish->since.epoch != 0)
		replay = replay_open(wish->since, filter, all->compiler);
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
	struct matcher_client *match;
	struct kind kind;

	if (!r->blocked)
		rendition_serve(r);	/* what has come before it asked */
	if (r->rendition == NULL)
		return true;
	kind = r->rendition->kind;
	if (!renditions_match(all, r, &filter, &kind, &match, why))
		return false;
	renditions_unpack(all, &kind);
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
	for (size_t i = 0; i < all->count; i++) {
		struct rendition *d = all->open[i];
		enum form form;

		if (!rendition_is_wanted(d))
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
renditions_resume(struct renditions *all)
{
	for (size_t i = 0; i < all->count; i++)
		rendition_resume(all->open[i]);
}

void
renditions_miss(struct renditions *all, uint64_t records)
{
	journal_miss(&all->journal, records);
	for (size_t i = 0; i < all->count; i++)
		rendition_put_skipped(all->open[i], records);
}

void
renditions_begin(struct renditions *all)
{
	for (size_t i = 0; i < all->count; i++)
		if (rendition_has_news(all->open[i]))
			rendition_begin(all->open[i]);
}

bool
renditions_go_on(struct renditions *all, size_t most)
{
	bool over = true;

	for (size_t i = 0; i < all->count; i++)
		over = rendition_go_on(all->open[i], &most) && over;
	return over;
}

bool
renditions_settle(struct renditions *all, size_t few)
{
	bool more = false;

	for (size_t i = 0; i < all->count; i++) {
		struct rendition *d = all->open[i];
		size_t ready = rendition_ready(d);

		if (!rendition_has_news(d))
			continue;
		if (ready <= few) {
			rendition_flush(d);
			few -= ready;
		} else
			more = true;
	}
	return more;
}

void
renditions_second(struct renditions *all, uint64_t unix_ms)
{
	/* From the end, since one that is closed is replaced by one that has been looked at. */
	for (size_t i = all->count; i-- > 0;) {
		if (rendition_readers(all->open[i]) == 0) {
			renditions_drop(all, i);
			continue;
		}
		rendition_second(all->open[i], unix_ms);
		all->alone = 0;
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
