/*
 * Shows the counters to Prometheus.
 *
 * in: what ct-ws has counted, and what the stream says of the other tools and of the logs
 * out: metrics
 */
#include "ct-ws/site/metrics.h"

#include "base/version.h"
#include "ct-ws/site/metrics_logs.h"
#include "ct-ws/site/metrics_peers.h"
#include "ct-ws/site/report.h"

static const char *const streams[] = { "full", "lite", "domain" };

void
metrics_take(struct metrics *m, const struct seen *seen)
{
	m->regular += seen->kind == SEEN_REGULAR;
	m->precert += seen->kind == SEEN_PRECERT;
}

static void
metrics_put_clients(const struct report *r, struct expo *e)
{
	expo_family(e, "ct_ws_clients", EXPO_GAUGE, "Clients of the streams, by stream and wire.");
	for (size_t i = 0; i < r->tally->count; i++) {
		const struct tally_row *row = &r->tally->rows[i];
		struct expo_label labels[] = { { "stream", row->stream }, { "wire", row->wire } };

		expo_count(e, row->clients, labels, 2);
	}
	expo_family(e, "ct_ws_filtered_clients", EXPO_GAUGE, "Those of them that have a filter.");
	for (size_t i = 0; i < r->tally->count; i++) {
		const struct tally_row *row = &r->tally->rows[i];
		struct expo_label labels[] = { { "stream", row->stream }, { "wire", row->wire } };

		expo_count(e, row->filtered, labels, 2);
	}
}

/* Puts one number of each stream, which is the member of struct tally_row at this offset. */
static void
metrics_put_streams(const struct report *r, struct expo *e, size_t offset)
{
	for (size_t i = 0; i < sizeof(streams) / sizeof(*streams); i++) {
		struct tally_row sum = tally_sum(r->tally, streams[i], NULL);
		struct expo_label label = { "stream", streams[i] };
		uint64_t value;

		memcpy(&value, (const char *)&sum + offset, sizeof(value));
		expo_count(e, value, &label, 1);
	}
}

static void
metrics_put_tally(const struct report *r, struct expo *e)
{
	expo_family(e, "ct_ws_sent_bytes_total", EXPO_COUNTER, "Bytes sent to clients, by stream.");
	metrics_put_streams(r, e, offsetof(struct tally_row, bytes));
	expo_family(e, "ct_ws_skipped_total", EXPO_COUNTER,
	    "Records skipped for clients that were too slow, by stream.");
	metrics_put_streams(r, e, offsetof(struct tally_row, skipped));
	expo_family(e, "ct_ws_frames_total", EXPO_COUNTER,
	    "Texts made, by stream; none are while a stream has no client.");
	metrics_put_streams(r, e, offsetof(struct tally_row, frames));
	expo_family(e, "ct_ws_blocked_clients", EXPO_GAUGE,
	    "Clients whose socket takes no more just now, by stream.");
	metrics_put_streams(r, e, offsetof(struct tally_row, blocked));
	expo_family(e, "ct_ws_opened_total", EXPO_COUNTER, "Streams opened, by stream.");
	metrics_put_streams(r, e, offsetof(struct tally_row, opened));
}

static void
metrics_put_connections(const struct metrics *m, struct expo *e)
{
	static const char *const causes[] = { "client", "silent", "stuck", "protocol", "shutdown" };

	expo_family(e, "ct_ws_closed_total", EXPO_COUNTER, "WebSockets ended, by cause.");
	for (size_t i = 0; i < METRICS_CLOSES; i++) {
		struct expo_label label = { "cause", causes[i] };

		expo_count(e, m->closed[i], &label, 1);
	}
	expo_one(e, "ct_ws_http_requests_total", EXPO_COUNTER,
	    "HTTP requests read, upgrades among them.", m->requests);
	expo_family(e, "ct_ws_refused_total", EXPO_COUNTER,
	    "Connections and requests turned away, by reason.");
	for (unsigned i = DOOR_OPEN + 1; i < DOOR_WHYS; i++) {
		struct expo_label label = { "reason", door_label((enum door_why)i) };

		expo_count(e, m->turned_away[i], &label, 1);
	}
	expo_one(e, "ct_ws_timeouts_total", EXPO_COUNTER,
	    "Connections ended that sent no request, or took no answer, in time.", m->timeouts);
	expo_one(e, "ct_ws_connections", EXPO_GAUGE, "Connections open, of any kind.",
	    m->connections);
}

static void
metrics_put_feed(const struct report *r, struct expo *e)
{
	const struct metrics *m = r->counted;

	expo_one(e, "ct_ws_events_total", EXPO_COUNTER, "Certificates that came from the hub.",
	    r->events);
	expo_one(e, "ct_ws_bus_connected", EXPO_GAUGE, "1 while the hub is connected and heard.",
	    health_has_hub(r->health));
	expo_one(e, "ct_ws_healthy", EXPO_GAUGE, "1 while the hub is there and certificates come.",
	    health_is_good(r->health, r->now));
	expo_one(e, "ct_ws_bus_holes_total", EXPO_COUNTER,
	    "Holes in the numbers of records on the bus.", m->holes);
	expo_one(e, "ct_ws_bus_missed_total", EXPO_COUNTER, "Records in those holes.", m->missed);
	expo_one(e, "ct_ws_malformed_total", EXPO_COUNTER,
	    "Entries that came as malformed records.", r->logs->malformed);
}

static void
metrics_put_process(const struct report *r, struct expo *e)
{
	struct expo_label version = { "version", CT_VERSION };

	expo_family(e, "ct_ws_build_info", EXPO_GAUGE, "Always 1; the label says the version.");
	expo_count(e, 1, &version, 1);
	expo_family(e, "ct_ws_workers", EXPO_GAUGE, "Processes that serve, with --workers.");
	if (r->workers > 0)
		expo_count(e, r->workers, NULL, 0);
	expo_family(e, "ct_ws_worker_deaths_total", EXPO_COUNTER,
	    "Workers that ended without being told to, and were started again.");
	if (r->workers > 0)
		expo_count(e, r->worker_deaths, NULL, 0);
	expo_family(e, "ct_ws_certificate_end_timestamp_seconds", EXPO_GAUGE,
	    "When the certificate of this server ends.");
	if (r->counted->certificate_ends > 0)
		expo_count(e, r->counted->certificate_ends, NULL, 0);
	expo_family(e, "ct_ws_uptime_seconds", EXPO_GAUGE, "Since the start.");
	expo_real(e, (double)(r->now - r->counted->started) / 1000, NULL, 0);
}

void
metrics_put(const struct report *r, bool openmetrics, struct buf *out)
{
	struct expo e;

	expo_init(&e, out, openmetrics);
	metrics_put_go(r, &e);
	metrics_put_clients(r, &e);
	metrics_put_tally(r, &e);
	metrics_put_connections(r->counted, &e);
	metrics_put_feed(r, &e);
	metrics_put_process(r, &e);
	metrics_put_stages(r, &e);
	metrics_put_logs(r, &e);
	metrics_put_hosts(r, &e);
	metrics_put_rust(r, &e);
	expo_end(&e);
}
