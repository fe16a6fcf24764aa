/*
 * What is wrong with log lists that can be read.
 *
 * in: the list in use, the one that has come, the clock
 * out: whether that one is taken; messages
 */
#include <time.h>

#include "base/tell.h"
#include "ct-fetch/list/catalog_parts.h"
#include "ct/loglist_merge.h"
#include "os/age.h"

enum {
	STALE = 7 * 86400,	/* seconds: Google's list has a new date every day */
	LEAST_DROP = 4,		/* logs that may always end together */
	AHEAD = 86400,		/* seconds by which the date of a list may be ahead of our clock */
};

void
catalog_put_lasting(struct buf *out, const struct catalog *c, const struct alarm *a)
{
	char age[MAX_AGE_TEXT];
	uint64_t ms = loop_now(c->fetch->loop) - a->since;

	if (ms >= 1000)
		buf_putf(out, " (so for %s)", age_write(age, ms));
}

void
catalog_tell_stale(struct catalog_list *l)
{
	struct catalog *c = l->catalog;
	int64_t age = (int64_t)time(NULL) - l->now->timestamp;
	char text[MAX_AGE_TEXT];

	if (l->now->timestamp == 0 || age <= STALE) {
		(void)alarm_ends(&l->stale);
		return;
	}
	if (alarm_rings(&l->stale, loop_now(c->fetch->loop), (uint64_t)c->ask.refresh * CATALOG_DAY))
		tell(TELL_WARNING, "%s: this log list is %s old: logs may have come and gone since",
		    l->where, age_write(text, (uint64_t)age * 1000));
}

static bool
catalog_is_ahead(const struct loglist *list)
{
	return list->timestamp > (int64_t)time(NULL) + AHEAD;
}

void
catalog_tell_future(const struct catalog_list *l)
{
	char text[MAX_AGE_TEXT];

	if (catalog_is_ahead(l->now))
		tell(TELL_WARNING, "%s: the date of this log list is %s in the future", l->where,
		    age_write(text, (uint64_t)(l->now->timestamp - (int64_t)time(NULL)) * 1000));
}

void
catalog_tell_skipped(const struct catalog_list *l)
{
	const struct loglist_skip *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < l->now->skipped_n; i++) {
		const struct loglist_skip *s = &l->now->skipped[i];

		tell(TELL_DEBUG, "%s: %s: %s: %s", l->where, s->placeholder ? "left out" :
		    "wrong in the list", s->name, s->why);
		if (!s->placeholder && n++ == 0)
			first = s;
	}
	if (first == NULL)
		return;
	if (l->kept > 0)
		tell(TELL_WARNING, "%s: %zu damaged in the list, the first: %s: %s; of these logs %zu stay "
		    "as they were", l->where, n, first->name, first->why, l->kept);
	else
		tell(TELL_WARNING, "%s: %zu wrong in the list, the first: %s: %s", l->where, n,
		    first->name, first->why);
}

/*
 * Counts the logs that are followed, and those of them that would no longer be if the list that
 * has come were taken. Returns true when that is too many.
 */
static bool
catalog_drops(const struct catalog_list *l, size_t *dropped, size_t *followed)
{
	const struct catalog *c = l->catalog;
	struct loglist now, then;

	catalog_merge(c, CATALOG_NOW, NULL, NULL, &now);
	catalog_merge(c, CATALOG_NOW, l, roster_list(l->roster), &then);
	*dropped = *followed = 0;
	for (size_t i = 0; i < now.n; i++) {
		if (!choice_takes(c->ask.choice, &now.logs[i]))
			continue;
		++*followed;
		*dropped += choice_find(c->ask.choice, &then, now.logs[i].id) == NULL;
	}
	loglist_free(&now);
	loglist_free(&then);
	return *dropped >= LEAST_DROP && *dropped * 2 > *followed;
}

/*
 * Returns true when a signed list has come that is older than the one in use: one sent again. A date that
 * cannot be true says nothing about those that follow.
 */
static bool
catalog_is_older(const struct catalog_list *l)
{
	int64_t time = roster_list(l->roster)->timestamp;

	return l->has_key && time > 0 && time < l->now->timestamp && !catalog_is_ahead(l->now);
}

/* Returns true when the list that has come has no log, and the one in use has some. */
static bool
catalog_is_empty(const struct catalog_list *l)
{
	return roster_list(l->roster)->n == 0 && l->now->n > 0;
}

/* Writes why the list that has come is not to be taken. Returns false when it is to be. */
static bool
catalog_objects(const struct catalog_list *l, struct buf *why)
{
	size_t dropped, followed;

	if (catalog_is_older(l))
		buf_puts(why, "it is older than the one in use");
	else if (catalog_is_empty(l))
		buf_puts(why, "it has no log");
	else if (catalog_drops(l, &dropped, &followed))
		buf_putf(why, "it would end %zu of %zu logs", dropped, followed);
	return why->n > 0;
}

bool
catalog_refuses(struct catalog_list *l)
{
	struct catalog *c = l->catalog;
	struct buf why = { 0 };
	bool older;

	if (l->now == NULL || l->wanted || !catalog_objects(l, &why) || ++l->refused > CATALOG_DAY) {
		buf_free(&why);
		l->refused = 0;
		(void)alarm_ends(&l->refusal);
		return false;
	}
	older = catalog_is_older(l);
	if (alarm_rings(&l->refusal, loop_now(c->fetch->loop), c->ask.refresh)) {
		catalog_put_lasting(&why, c, &l->refusal);
		tell(older ? TELL_WARNING : TELL_ERROR, "the log list stays as it was: %s: %s; HUP takes "
		    "it at once", l->where, buf_str(&why));
	}
	buf_free(&why);
	return true;
}
