/*
 * Tells the runs of the tools apart, so that several ct-fetch on one bus do not take each other's
 * numbers for their own.
 *
 * in: who has sent a status record, and when
 * out: the places where what it says is kept, and which of several counts
 */
#include "ct-ws/site/logs_parts.h"

#include <stdlib.h>

#include "base/die.h"

const struct figure_table *const logs_tables[LOGS_STAGES] = { &figures_fetch, &figures_parse,
	&figures_hub };

/* ---- who there is ---- */

/* Frees the place of a producer, and all places of what it has said. */
static void
logs_forget(struct logs *l, struct logs_producer *p)
{
	free(p->name);
	free(p->shard);
	for (size_t i = 0; i < l->count; i++)
		for (size_t k = 0; k < MAX_REPORTS; k++)
			if (l->list[i].reports[k].of == p)
				l->list[i].reports[k].of = NULL;
	for (size_t i = 0; i < l->host_count; i++)
		if (l->hosts[i].of == p)
			l->hosts[i].of = NULL;
	*p = (struct logs_producer){ .name = NULL };
}

/* Returns true when p, which has just been heard, began after q had ended. */
static bool
logs_stands_in(const struct logs_producer *p, const struct logs_producer *q, uint64_t now)
{
	uint64_t every = p->every > q->every ? p->every : q->every;

	return p != q && q->name != NULL && q->stage == p->stage && strcmp(q->shard, p->shard) == 0 &&
	    q->at < p->first && every > 0 && now - q->at > 3 * every;
}

static struct logs_producer *
logs_find_producer(struct logs *l, enum logs_stage stage, struct span name)
{
	for (size_t i = 0; i < MAX_PRODUCERS; i++) {
		struct logs_producer *p = &l->producers[i];

		if (p->name != NULL && p->stage == stage && logs_is(p->name, name))
			return p;
	}
	return NULL;
}

/* Returns a free place, if need be by forgetting who has been silent for longest. */
static struct logs_producer *
logs_producer_place(struct logs *l)
{
	struct logs_producer *oldest = &l->producers[0];

	for (size_t i = 0; i < MAX_PRODUCERS; i++) {
		if (l->producers[i].name == NULL)
			return &l->producers[i];
		if (l->producers[i].at < oldest->at)
			oldest = &l->producers[i];
	}
	logs_forget(l, oldest);
	return oldest;
}

struct logs_producer *
logs_producer(struct logs *l, enum logs_stage stage, struct json_str name, struct json_str shard,
    uint64_t now)
{
	struct logs_producer *p;

	if (l->producers == NULL &&
	    (l->producers = calloc(MAX_PRODUCERS, sizeof(*l->producers))) == NULL)
		die_world("out of memory for producers");
	logs_make_text(&l->text, name);
	logs_make_text(&l->more, shard);
	p = logs_find_producer(l, stage, buf_span(&l->text));
	if (p == NULL) {
		p = logs_producer_place(l);
		p->stage = stage;
		p->first = now;
		logs_keep(&p->name, buf_span(&l->text));
	} else {
		p->every = now - p->at;
	}
	logs_keep(&p->shard, buf_span(&l->more));
	p->at = now;
	for (size_t i = 0; i < MAX_PRODUCERS; i++)
		if (logs_stands_in(p, &l->producers[i], now))
			logs_forget(l, &l->producers[i]);
	return p;
}

const struct logs_producer *
logs_next(const struct logs *l, enum logs_stage stage, const struct logs_producer *p)
{
	if (l->producers == NULL)
		return NULL;
	for (p = p != NULL ? p + 1 : l->producers; p < l->producers + MAX_PRODUCERS; p++)
		if (p->name != NULL && p->stage == stage)
			return p;
	return NULL;
}

double
logs_sum(const struct logs *l, enum logs_stage stage, const char *member)
{
	double sum = 0;

	for (const struct logs_producer *p = logs_next(l, stage, NULL); p != NULL;
	    p = logs_next(l, stage, p))
		sum += figures_get(&p->figures, logs_tables[stage], member, 0);
	return sum;
}

/* ---- what they have said ---- */

struct logs_report *
logs_report(struct logs_log *g, const struct logs_producer *of)
{
	struct logs_report *oldest = &g->reports[0];

	for (size_t i = 0; i < MAX_REPORTS; i++) {
		struct logs_report *r = &g->reports[i];

		if (r->of == of)
			return r;
		if (oldest->of != NULL && (r->of == NULL || r->at < oldest->at))
			oldest = r;
	}
	oldest->of = of;
	return oldest;
}

struct logs_host *
logs_host(struct logs *l, const struct logs_producer *of, struct span name)
{
	struct logs_host *place = NULL;

	if (name.n == 0)
		return NULL;
	if (l->hosts == NULL && (l->hosts = calloc(MAX_HOSTS, sizeof(*l->hosts))) == NULL)
		die_world("out of memory for hosts");
	for (size_t i = 0; i < l->host_count; i++) {
		struct logs_host *h = &l->hosts[i];

		if (h->of == of && logs_is(h->name, name))
			return h;
		if (h->of == NULL)
			place = h;
	}
	if (place == NULL && l->host_count == MAX_HOSTS)
		return NULL;
	if (place == NULL)
		place = &l->hosts[l->host_count++];
	place->of = of;
	logs_keep(&place->name, name);
	return place;
}

bool
logs_is_fresh(const struct logs_producer *of, uint64_t at, uint64_t now)
{
	uint64_t most;

	if (of == NULL)
		return false;
	most = 3 * of->every;
	return now - at <= (most > LOGS_OLD_MS ? most : LOGS_OLD_MS);
}

const struct logs_report *
logs_best(const struct logs_log *g, uint64_t now)
{
	const struct logs_report *best = NULL;
	double next, most = -2;

	for (size_t i = 0; i < MAX_REPORTS; i++) {
		const struct logs_report *r = &g->reports[i];

		if (!logs_is_fresh(r->of, r->at, now))
			continue;
		next = figures_get(&r->figures, &figures_log, "next", -1);
		if (best == NULL || next > most || (next >= most && r->at > best->at)) {
			best = r;
			most = next;
		}
	}
	return best;
}

void
logs_free_producers(struct logs *l)
{
	for (size_t i = 0; l->producers != NULL && i < MAX_PRODUCERS; i++) {
		free(l->producers[i].name);
		free(l->producers[i].shard);
	}
	for (size_t i = 0; i < l->host_count; i++)
		free(l->hosts[i].name);
	free(l->producers);
	free(l->hosts);
}
