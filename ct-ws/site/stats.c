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
	buf_puts(out, "}\n");
}
