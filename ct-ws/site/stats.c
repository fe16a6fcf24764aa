/*
 * Tells what ct-ws does at the moment.
 *
 * in: counters
 * out: the JSON text of /stats
 */
#include "ct-ws/site/stats.h"

#include <inttypes.h>

#include "base/version.h"
#include "enc/json_put.h"

static void
stats_put_number(struct buf *out, const char *member, uint64_t n)
{
	buf_putf(out, ",\"%s\":%" PRIu64, member, n);
}

static void
stats_put_streams(const struct tally *t, struct buf *out)
{
	buf_puts(out, ",\"streams\":[");
	for (size_t i = 0; i < t->count; i++) {
		const struct tally_row *row = &t->rows[i];

		buf_putf(out, "%s{\"stream\":\"%s\",\"wire\":\"%s\"", i > 0 ? "," : "", row->stream,
		    row->wire);
		stats_put_number(out, "clients", row->clients);
		stats_put_number(out, "filtered", row->filtered);
		stats_put_number(out, "blocked", row->blocked);
		stats_put_number(out, "opened", row->opened);
		stats_put_number(out, "frames", row->frames);
		stats_put_number(out, "bytes", row->bytes);
		stats_put_number(out, "skipped", row->skipped);
		buf_putc(out, '}');
	}
	buf_putc(out, ']');
}

/* As CaliDog's: how many certificates came from each log, by its address. */
static void
stats_put_workers(const struct logs *l, struct buf *out)
{
	bool first = true;

	buf_puts(out, ",\"workers\":{");
	for (size_t i = 0; i < l->count; i++) {
		if (l->list[i].url[0] == '\0')
			continue;
		buf_puts(out, first ? "" : ",");
		json_put_str(out, l->list[i].url);
		buf_putf(out, ":%" PRIu64, l->list[i].events);
		first = false;
	}
	buf_putc(out, '}');
}

static uint64_t
stats_refused(const struct metrics *m)
{
	uint64_t n = 0;

	for (size_t i = 0; i < DOOR_WHYS; i++)
		n += m->turned_away[i];
	return n;
}

static void
stats_put_text(struct buf *out, const char *member, const char *text)
{
	buf_putf(out, ",\"%s\":", member);
	json_put_str(out, text);
}

/* Puts a member with a number, or null where it is negative, which says that it is not known. */
static void
stats_put_known(struct buf *out, const char *member, double value)
{
	if (value >= 0)
		buf_putf(out, ",\"%s\":%.15g", member, value);
	else
		buf_putf(out, ",\"%s\":null", member);
}

static void
stats_put_log(const struct report *r, const struct logs_log *g, struct buf *out)
{
	const struct logs_report *said = logs_best(g, r->now);
	double lag;

	buf_puts(out, "{\"name\":");
	json_put_str(out, g->name);
	stats_put_text(out, "url", g->url);
	stats_put_text(out, "operator", g->operator);
	stats_put_text(out, "state", said != NULL ? said->state : "");
	stats_put_number(out, "events", g->events);
	stats_put_known(out, "newest", g->newest > 0 ? (double)g->newest / 1000 : -1);
	stats_put_known(out, "lag", logs_lag(g, r->now, &lag) ? lag : -1);
	stats_put_known(out, "behind",
	    said != NULL ? figures_get(&said->figures, &figures_log, "behind", -1) : -1);
	stats_put_known(out, "trouble",
	    said != NULL ? figures_get(&said->figures, &figures_log, "trouble", -1) : -1);
	buf_putc(out, '}');
}

static void
stats_put_logs(const struct report *r, struct buf *out)
{
	buf_puts(out, ",\"logs\":[");
	for (size_t i = 0; i < r->logs->count; i++) {
		buf_puts(out, i > 0 ? "," : "");
		stats_put_log(r, &r->logs->list[i], out);
	}
	buf_putc(out, ']');
}

void
stats_put(const struct report *r, struct buf *out)
{
	static const char *const hubs[] = { "away", "silent", "connected" };
	const struct metrics *m = r->counted;
	struct tally_row sum = tally_sum(r->tally, NULL, NULL);
	uint64_t up = r->now - m->started;

	buf_putf(out, "{\"version\":\"" CT_VERSION "\",\"uptime\":%" PRIu64 ".%03u,\"hub\":\"%s\"",
	    up / 1000, (unsigned)(up % 1000), hubs[r->health->hub]);
	buf_putf(out, ",\"events_per_second\":%.1f,\"bytes_per_second\":%.0f", r->events_rate,
	    r->bytes_rate);
	stats_put_number(out, "events", r->events);
	stats_put_number(out, "regular", m->regular);
	stats_put_number(out, "precert", m->precert);
	stats_put_number(out, "missed", m->missed);
	stats_put_number(out, "clients", sum.clients);
	stats_put_number(out, "connections", m->connections);
	stats_put_number(out, "requests", m->requests);
	stats_put_number(out, "refused", stats_refused(m));
	stats_put_number(out, "bytes", sum.bytes);
	stats_put_number(out, "skipped", sum.skipped);
	stats_put_streams(r->tally, out);
	stats_put_number(out, "processed_certificates", r->events);
	stats_put_workers(r->logs, out);
	stats_put_logs(r, out);
	buf_puts(out, "}\n");
}
