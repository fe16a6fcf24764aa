/*
 * Brings what is counted into slots and back.
 *
 * in: the report of one worker, and the sum of what all workers have written
 * out: numbers in a slot, and the report of all workers
 */
#include "ct-ws/site/share.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/fnv.h"

/* Walks over numbers in an order that is the same for writing and for reading. */
struct share {
	struct slots_numbers n;
	size_t now, ever, seen;	/* the next place of each kind */
	bool reads;
};

static void
share_number(const struct share *s, uint64_t *value, uint64_t *place)
{
	if (s->reads)
		*value = *place;
	else
		*place = *value;
}

static void
share_now(struct share *s, uint64_t *value)
{
	share_number(s, value, &s->n.now[s->now++]);
}

static void
share_ever(struct share *s, uint64_t *value)
{
	share_number(s, value, &s->n.ever[s->ever++]);
}

static void
share_seen(struct share *s, uint64_t *value)
{
	share_number(s, value, &s->n.seen[s->seen++]);
}

_Static_assert(1 + 1 + 3 * MAX_TALLY <= SLOTS_NOW, "what share_now is called for has room");
_Static_assert(METRICS_CLOSES + 2 + DOOR_WHYS + 4 * MAX_TALLY <= SLOTS_EVER, "so has share_ever");
_Static_assert(5 + 2 + LOGS_STAGES <= SLOTS_SEEN, "so has share_seen");
_Static_assert(MAX_LOGS <= (int)SLOTS_NAMED, "so have the logs");

static void
share_metrics(struct share *s, struct metrics *m)
{
	share_seen(s, &m->regular);
	share_seen(s, &m->precert);
	share_seen(s, &m->holes);
	share_seen(s, &m->missed);
	share_now(s, &m->connections);
	share_ever(s, &m->requests);
	share_ever(s, &m->timeouts);
	for (size_t i = 0; i < METRICS_CLOSES; i++)
		share_ever(s, &m->closed[i]);
	for (size_t i = 0; i < DOOR_WHYS; i++)
		share_ever(s, &m->turned_away[i]);
}

/* All workers have the same rows. */
static void
share_rows(struct share *s, struct tally_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		share_now(s, &rows[i].clients);
		share_now(s, &rows[i].filtered);
		share_now(s, &rows[i].blocked);
		share_ever(s, &rows[i].opened);
		share_ever(s, &rows[i].frames);
		share_ever(s, &rows[i].bytes);
		share_ever(s, &rows[i].skipped);
	}
}

static void
share_counts(struct share *s, struct logs *l, uint64_t *events, uint64_t *bytes_rate)
{
	share_seen(s, events);
	share_seen(s, &l->malformed);
	share_seen(s, &l->left_out);
	for (size_t i = 0; i < LOGS_STAGES; i++)
		share_seen(s, &l->records[i]);
	share_now(s, bytes_rate);
}

/* ---- logs, which workers may have met in different orders ---- */

/* Returns a number that stands for the URL, or 0 where it is not known yet. */
static uint64_t
share_key(const struct logs_log *g)
{
	return g->url[0] == '\0' ? 0 : fnv_hash(span_str(g->url)) | 1;
}

static void
share_write_logs(struct slots_numbers *n, const struct logs *l)
{
	size_t k = 0;

	for (size_t i = 0; i < l->count; i++) {
		const struct logs_log *g = &l->list[i];

		if (share_key(g) != 0)
			n->named[k++] = (struct slots_named){ share_key(g),
				{ g->events, g->opened, g->closed } };
	}
}

static void
share_read_log(const struct slots_numbers *n, struct logs_log *g)
{
	uint64_t key = share_key(g);
	size_t i = 0;

	while (i < SLOTS_NAMED && n->named[i].key != 0 && n->named[i].key != key)
		i++;
	if (key == 0 || i == SLOTS_NAMED || n->named[i].key == 0)
		return;
	g->events = n->named[i].seen[0];
	g->opened = n->named[i].seen[1];
	g->closed = n->named[i].seen[2];
}

/* Makes *all a copy of l with a list of its own and the counters of all workers. */
static void
share_read_logs(const struct slots_numbers *n, const struct logs *l, struct logs *all)
{
	*all = *l;
	all->list = NULL;
	if (l->count == 0)
		return;
	all->list = malloc(l->count * sizeof(*l->list));
	if (all->list == NULL)
		die_world("out of memory for the counters of %zu logs", l->count);
	memcpy(all->list, l->list, l->count * sizeof(*l->list));
	for (size_t i = 0; i < all->count; i++)
		share_read_log(n, &all->list[i]);
}

/* ---- both ways ---- */

void
share_write(struct slots *slots, size_t worker, const struct report *r)
{
	struct share s = { .reads = false };
	struct metrics counted = *r->counted;
	struct tally tally = *r->tally;
	struct logs logs = *r->logs;
	uint64_t events = r->events, bytes_rate = (uint64_t)r->bytes_rate;

	share_metrics(&s, &counted);
	share_rows(&s, tally.rows, tally.count);
	share_counts(&s, &logs, &events, &bytes_rate);
	share_write_logs(&s.n, &logs);
	slots_write(slots, worker, &s.n);
}

void
share_read(const struct slots *slots, struct tally *tally, struct report *r)
{
	struct share s = { .reads = true };
	uint64_t bytes_rate = 0;

	slots_sum(slots, &s.n);
	r->all_counted = *r->counted;
	share_metrics(&s, &r->all_counted);
	r->all_counted.started = slots_started(slots);
	share_rows(&s, tally->rows, tally->count);
	share_read_logs(&s.n, r->logs, &r->all_logs);
	share_counts(&s, &r->all_logs, &r->events, &bytes_rate);
	r->bytes_rate = (double)bytes_rate;
	r->counted = &r->all_counted;
	r->logs = &r->all_logs;
	r->workers = slots_workers(slots);
	r->worker_deaths = slots_deaths(slots);
}
