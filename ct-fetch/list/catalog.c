/*
 * Log lists over time.
 *
 * in: news of each list, files with the copies of earlier runs, the clock
 * out: one list of logs, when that is known or has changed; copies; messages
 */
#include "ct-fetch/list/catalog_parts.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/net/http.h"
#include "ct/loglist_merge.h"
#include "os/age.h"

enum {
	LOOK = 10000,		/* ms between two looks at the clock and at the files */
	LEAST_LOOK = 50,	/* ms: for a refresh that is very short */
	RETRY = 60000,		/* ms after a first failure; doubled with each further one */
	MAX_DOUBLINGS = 10,
	PATIENCE = 10000,	/* ms at the start that a list is waited for of which there is a copy */
};

/* ---- all lists as one ---- */

void
catalog_merge(const struct catalog *c, enum catalog_which which, const struct catalog_list *l,
    const struct loglist *instead, struct loglist *out)
{
	const struct loglist **lists = calloc(c->ask.n, sizeof(*lists));
	size_t n = 0;

	if (lists == NULL)
		die_world("out of memory");
	for (size_t i = 0; i < c->ask.n; i++) {
		const struct catalog_list *at = &c->lists[i];
		const struct loglist *list = at->now;

		if (which == CATALOG_BEFORE && at->before != NULL)
			list = at->before;
		if (at == l)
			list = instead;
		if (list != NULL)
			lists[n++] = list;
	}
	loglist_merge(out, lists, n);
	free(lists);
}

static void
catalog_drop(struct loglist **list)
{
	if (*list != NULL)
		loglist_free(*list);
	free(*list);
	*list = NULL;
}

/* Takes the logs out of list that are newcomers. */
static void
catalog_omit_newcomers(const struct catalog *c, struct loglist *list)
{
	size_t kept = 0;

	if (c->ask.newcomers == NULL)
		return;
	for (size_t i = 0; i < list->n; i++)
		if (!newcomers_has(c->ask.newcomers, list->logs[i].id))
			list->logs[kept++] = list->logs[i];
	list->n = kept;
}

/* Hands over what has changed, once every list has come. */
static void
catalog_tell(struct catalog *c)
{
	struct loglist now, before;

	for (size_t i = 0; i < c->ask.n; i++)
		if (!c->lists[i].came)
			return;
	if (c->fetch->stopping)
		return;
	c->began = true;
	catalog_merge(c, CATALOG_NOW, NULL, NULL, &now);
	catalog_merge(c, CATALOG_BEFORE, NULL, NULL, &before);
	catalog_omit_newcomers(c, &before);
	c->listed(c->cookie, &now, &before);
	loglist_free(&now);
	loglist_free(&before);
	for (size_t i = 0; i < c->ask.n; i++)
		catalog_drop(&c->lists[i].before);
}

/* ---- when ---- */

/*
 * Returns a random number of ms that is ms on average and differs from it by a sixth at most; where that
 * could be less than least, one from least to a third more.
 */
static uint64_t
catalog_spread(struct catalog *c, uint64_t ms, uint64_t least)
{
	uint64_t from = ms - ms / 6;

	if (from < least)
		from = ms = least;
	c->chance = c->chance * 6364136223846793005u + 1442695040888963407u;
	return from + (c->chance >> 33) % (ms / 3 + 1);
}

static void
catalog_schedule(struct catalog_list *l)
{
	struct catalog *c = l->catalog;
	uint64_t wait = c->ask.refresh;
	char text[MAX_AGE_TEXT];
	unsigned doublings = l->failures < MAX_DOUBLINGS ? l->failures : MAX_DOUBLINGS;

	if (l->failures > 0 && (uint64_t)RETRY << (doublings - 1) < wait)
		wait = (uint64_t)RETRY << (doublings - 1);
	wait = catalog_spread(c, wait, roster_pause(l->roster));
	l->due = loop_now(c->fetch->loop) + wait;
	if (!c->ask.once)
		tell(TELL_DEBUG, "%s: to be got again in %s", l->where, age_write(text, wait));
}

/* ---- copies ---- */

static void
catalog_keep(struct catalog_list *l, int result)
{
	if (result < 0 && !l->copy_failed)
		tell(TELL_WARNING, "%s: the log list cannot be kept for the next start:",
		    buf_str(&l->path));
	l->copy_failed = result < 0;
}

/*
 * Notes the logs that are followed now and were not before: the copy will not tell the next run that they
 * are new, and their places are stored later. Returns 0, or -1 with errno set.
 */
static int
catalog_note_newcomers(const struct catalog *c)
{
	struct loglist now, before;

	catalog_merge(c, CATALOG_NOW, NULL, NULL, &now);
	catalog_merge(c, CATALOG_BEFORE, NULL, NULL, &before);
	for (size_t i = 0; i < now.n; i++)
		if (choice_takes(c->ask.choice, &now.logs[i]) &&
		    choice_find(c->ask.choice, &before, now.logs[i].id) == NULL)
			newcomers_add(c->ask.newcomers, now.logs[i].id);
	loglist_free(&now);
	loglist_free(&before);
	return newcomers_store(c->ask.newcomers);
}

/* Writes the copy of a list, or leaves the one before where the newcomers cannot be stored. */
static void
catalog_write_copy(struct catalog_list *l)
{
	struct copy copy = { 0 };
	int result;

	if (l->path.n == 0)
		return;
	roster_bytes(l->roster, &copy);
	result = catalog_note_newcomers(l->catalog);
	if (result == 0)
		result = copy_write(buf_str(&l->path), l->where, &copy);
	catalog_keep(l, result);
}

static void
catalog_read_copy(struct catalog_list *l)
{
	struct buf bytes = { 0 };
	struct copy copy;
	const char *why = copy_read(buf_str(&l->path), l->where, &bytes, &copy);

	if (why == NULL)
		why = roster_restore(l->roster, &copy);
	if (why == NULL) {
		l->now = roster_take(l->roster);
		l->is_copy = true;
		l->current = copy.time;
	} else if (why != copy_none) {
		tell(TELL_WARNING, "%s: the kept log list is not used: %s", buf_str(&l->path), why);
	}
	buf_free(&bytes);
}

/* ---- news ---- */

/* Takes the list that has come, of which kept logs are as they were before. */
static void
catalog_take(struct catalog_list *l, size_t kept)
{
	catalog_drop(&l->before);
	l->kept = kept;
	l->before = l->now;
	l->now = roster_take(l->roster);
	l->current = (int64_t)time(NULL);
	catalog_write_copy(l);
	catalog_tell_skipped(l);
	catalog_tell_stale(l);
	catalog_tell_future(l);
}

/* A list has come that is not the one in use. Returns true when it is in use now. */
static bool
catalog_judge(struct catalog_list *l)
{
	size_t kept = l->now != NULL && !l->wanted ? loglist_keep(roster_list(l->roster), l->now) : 0;

	if (catalog_refuses(l))
		return false;
	catalog_take(l, kept);
	return true;
}

static void
catalog_fail(struct catalog_list *l, enum roster_news news, const char *why)
{
	struct catalog *c = l->catalog;
	uint64_t now = loop_now(c->fetch->loop);
	int64_t kept = (int64_t)time(NULL) - l->current;
	struct buf text = { 0 };
	char age[MAX_AGE_TEXT];
	bool rings = alarm_rings(&l->failure, now, c->ask.refresh) || l->wanted;
	bool shouts = news == ROSTER_FORGED ||
	    now - l->failure.since > (uint64_t)c->ask.refresh * CATALOG_DAY;

	l->failures++;
	if (l->now == NULL)
		die_world("no log list: %s (-L FILE takes one from disk)", why);
	if (l->is_copy)
		buf_putf(&text, "%s; going on with the list that was kept %s ago", why,
		    age_write(age, kept > 0 ? (uint64_t)kept * 1000 : 0));
	else
		buf_putf(&text, "the log list stays as it was: %s", why);
	catalog_put_lasting(&text, c, &l->failure);
	tell(!rings ? TELL_DEBUG : shouts ? TELL_ERROR : TELL_WARNING, "%s", buf_str(&text));
	buf_free(&text);
}

static void
catalog_news(void *cookie, enum roster_news news, const char *why)
{
	struct catalog_list *l = cookie;
	struct catalog *c = l->catalog;
	bool changed = !l->came, good = news == ROSTER_NEW || news == ROSTER_SAME;

	if (!good)
		catalog_fail(l, news, why);
	else if (alarm_ends(&l->failure))
		tell(TELL_INFO, "%s: the log list can be had again", l->where);
	if (good) {
		l->failures = 0;
		l->is_copy = false;
	}
	if (news == ROSTER_NEW) {
		changed = catalog_judge(l) || changed;
	} else if (news == ROSTER_SAME) {
		l->refused = 0;
		l->current = (int64_t)time(NULL);
		(void)alarm_ends(&l->refusal);
		if (l->path.n > 0)
			catalog_keep(l, copy_touch(buf_str(&l->path)));
	}
	l->came = true;
	l->wanted = false;
	catalog_schedule(l);
	if (changed)
		catalog_tell(c);
}

static void
catalog_look(void *cookie)
{
	struct catalog *c = cookie;
	uint64_t now = loop_now(c->fetch->loop), wait = c->ask.refresh / 4;

	if (c->fetch->stopping)
		return;
	for (size_t i = 0; i < c->ask.n; i++) {
		struct catalog_list *l = &c->lists[i];

		if (!l->came)
			continue;
		catalog_tell_stale(l);
		if (now >= l->due || roster_is_changed(l->roster))
			roster_get(l->roster);
	}
	wait = wait < LEAST_LOOK ? LEAST_LOOK : wait;
	loop_after(c->fetch->loop, &c->look, wait < LOOK ? (unsigned)wait : LOOK);
}

/* Begins with the copies of lists that have not come for so long, which may be the network's fault. */
static void
catalog_lose_patience(void *cookie)
{
	struct catalog *c = cookie;
	char age[MAX_AGE_TEXT];
	bool changed = false;

	for (size_t i = 0; i < c->ask.n && !c->began; i++) {
		struct catalog_list *l = &c->lists[i];
		int64_t kept = (int64_t)time(NULL) - l->current;

		if (l->came || !l->is_copy)
			continue;
		tell(TELL_WARNING, "%s: the log list has not come yet; going on with the list that was "
		    "kept %s ago", l->where, age_write(age, kept > 0 ? (uint64_t)kept * 1000 : 0));
		l->came = changed = true;
	}
	if (changed)
		catalog_tell(c);
}

/* ---- the catalog ---- */

struct catalog *
catalog_open(struct fetch *f, const struct catalog_ask *ask,
    void (*listed)(void *cookie, const struct loglist *now, const struct loglist *before),
    void *cookie)
{
	struct catalog *c = calloc(1, sizeof(*c));

	if (c == NULL || (c->lists = calloc(ask->n, sizeof(*c->lists))) == NULL)
		die_world("out of memory");
	c->fetch = f;
	c->ask = *ask;
	c->listed = listed;
	c->cookie = cookie;
	c->chance = (uint64_t)time(NULL) << 20 ^ (uint64_t)getpid();
	c->look = (struct loop_timer){ .due = catalog_look, .cookie = c };
	c->patience = (struct loop_timer){ .due = catalog_lose_patience, .cookie = c };
	for (size_t i = 0; i < ask->n; i++) {
		struct catalog_list *l = &c->lists[i];

		l->catalog = c;
		l->where = ask->lists[i].where;
		l->has_key = ask->lists[i].key != NULL;
		l->roster = roster_open(f, &ask->lists[i], catalog_news, l);
		if (ask->state == NULL)
			continue;
		copy_path(&l->path, ask->state, l->where, f->hash);
		catalog_read_copy(l);
	}
	for (size_t i = 0; i < ask->n; i++)
		roster_get(c->lists[i].roster);
	if (!ask->once)
		catalog_look(c);
	if (!c->began)
		loop_after(f->loop, &c->patience, PATIENCE);
	return c;
}

void
catalog_free(struct catalog *c)
{
	if (c == NULL)
		return;
	loop_stop_timer(c->fetch->loop, &c->look);
	loop_stop_timer(c->fetch->loop, &c->patience);
	for (size_t i = 0; i < c->ask.n; i++) {
		roster_free(c->lists[i].roster);
		catalog_drop(&c->lists[i].now);
		catalog_drop(&c->lists[i].before);
		buf_free(&c->lists[i].path);
	}
	free(c->lists);
	free(c);
}

/* Returns the earlier of two times, of which 0 is none. */
static int64_t
catalog_earlier(int64_t a, int64_t b)
{
	return a == 0 || (b > 0 && b < a) ? b : a;
}

void
catalog_times(const struct catalog *c, int64_t *dated, int64_t *current)
{
	*dated = *current = 0;
	for (size_t i = 0; i < c->ask.n; i++) {
		const struct catalog_list *l = &c->lists[i];

		if (l->now == NULL)
			continue;
		*dated = catalog_earlier(*dated, l->now->timestamp);
		*current = catalog_earlier(*current, l->current);
	}
}

void
catalog_get(struct catalog *c)
{
	for (size_t i = 0; i < c->ask.n; i++) {
		struct catalog_list *l = &c->lists[i];

		l->wanted = true;
		if (l->kept > 0)
			roster_forget(l->roster);	/* the same bytes now end the logs that were kept */
		roster_get(l->roster);
	}
}
