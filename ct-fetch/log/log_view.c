/*
 * What is to be seen of a log.
 *
 * in: a log
 * out: struct log_view
 */
#include "ct-fetch/log/log_view.h"

#include "ct-fetch/log/log.h"
#include "ct-fetch/net/host.h"
#include "ct-fetch/state/evidence.h"
#include "os/wall.h"

static uint64_t
log_age(uint64_t now, uint64_t then)
{
	return then > 0 ? now - then : LOG_NEVER;
}

/* Returns how long ago the time of day then was, both in ms since 1970; 0 when that is to come. */
static uint64_t
log_wall_age(uint64_t then)
{
	uint64_t now = wall_now();

	return now > then ? now - then : 0;
}

/*
 * Returns for how long entries have been owed: since the newest head came that the log is known to
 * have reached. When it has reached none, the entry put out last says how far it has come.
 */
static uint64_t
log_behind(const struct log *l, uint64_t now)
{
	if (log_is_done(l))
		return 0;
	if (l->heads.has_best && log_lag(l) == 0)
		return log_age(now, l->head_came);
	if (l->goal_came > 0 && log_next(l) >= l->goal)
		return now - l->goal_came;
	if (l->whole_at > 0)
		return now - l->whole_at;
	return l->source.count->reached > 0 ? log_wall_age(l->source.count->reached) : LOG_NEVER;
}

static bool
log_waits(const struct log *l)
{
	if (l->lanes == NULL)
		return true;
	for (const struct page *p = l->lanes->first; p != NULL; p = p->next)
		if (p->patient)
			return true;
	return false;
}

/* Returns how many entries are owed in gaps. */
static uint64_t
log_gaps(const struct log *l)
{
	uint64_t n = 0;

	if (l->lanes != NULL)
		for (const struct lane *g = l->lanes->other; g != NULL; g = g->other)
			n += g->end - g->next;
	return n;
}

/* Returns the trouble to be shown: one that lasts, or else the one that was last. */
static const struct trouble *
log_trouble_shown(const struct log *l)
{
	const struct trouble *head = &l->head_trouble, *page = &l->page_trouble;

	if ((head->row > 0) != (page->row > 0))
		return head->row > 0 ? head : page;
	return page->last > head->last ? page : head;
}

/* Returns for how many ms nothing is asked for because of this trouble. */
static uint64_t
log_pause(const struct log *l, const struct trouble *t, uint64_t now)
{
	uint64_t until = HOST_NEVER;

	if (t == &l->head_trouble)
		until = l->head_due;
	else if (l->lanes != NULL)
		for (const struct page *p = l->lanes->first; p != NULL; p = p->next)
			until = p->not_before < until ? p->not_before : until;
	return until != HOST_NEVER && until > now ? until - now : 0;
}

static enum log_state
log_state(const struct log *l, const struct log_view *v)
{
	if (l->failed)
		return LOG_FAILED;
	if (log_is_done(l))
		return LOG_DONE;
	if (v->pause > 0 || v->trouble_age > 0)
		return LOG_PAUSED;
	if (!l->heads.has_best)
		return LOG_STARTING;
	if (l->lanes != NULL && l->lanes->unproven)
		return LOG_UNPROVEN;
	if (log_waits(l))
		return LOG_WAITING;
	return v->lag >= LOG_LIVE_LAG ? LOG_BEHIND : LOG_LIVE;
}

void
log_view(const struct log *l, struct log_view *v)
{
	const struct source *s = &l->source;
	const struct trouble *t = log_trouble_shown(l);
	uint64_t now = loop_now(l->fetch->loop);
	struct host_report host;

	host_report(s->host, now, &host);
	*v = (struct log_view){
		.id = s->id, .name = s->name, .operator = s->operator, .url = s->url,
		.placed = l->placed || l->lanes != NULL, .has_head = l->heads.has_best,
		.next = log_next(l), .size = l->heads.best.size, .lag = log_lag(l),
		.verified = l->lanes != NULL && !l->lanes->unproven ? l->lanes->proven.n : 0,
		.gaps = log_gaps(l),
		.behind = log_behind(l, now),
		.head_age = l->heads.has_best ? log_wall_age(l->heads.best.timestamp) : LOG_NEVER,
		.rate = l->rate.per_second, .entries = s->count->entries,
		.asks = &s->count->asks, .errors = l->errors,
		.evidence = evidence_count_of(l->fetch->evidence, s->id),
		.success_age = log_age(now, s->count->asks.good_at),
		.error_age = log_age(now, t->last), .error = t->why,
		/* At least 1 ms, so that a failure of this moment shows too. */
		.trouble_age = t->row > 0 ? now - t->since + 1 : 0,
		.pause = t->row > 0 ? log_pause(l, t, now) : 0,
		.pause_why = host.pause > 0 ? host.paused_why : "",
	};
	if (host.pause > v->pause)
		v->pause = host.pause;
	v->state = log_state(l, v);
}

void
log_measure(struct log *l)
{
	rate_take(&l->rate, l->source.count->entries, loop_now(l->fetch->loop));
}

const char *
log_state_name(enum log_state state)
{
	static const char *const names[LOG_STATES] = {
		[LOG_FAILED] = "failed", [LOG_DONE] = "done", [LOG_PAUSED] = "paused",
		[LOG_STARTING] = "starting", [LOG_UNPROVEN] = "unproven",
		[LOG_WAITING] = "waiting", [LOG_BEHIND] = "catching up", [LOG_LIVE] = "live",
	};

	return names[state];
}
