/*
 * Shows the counters to Prometheus.
 *
 * in: what ct-ws and its streams have counted
 * out: the Prometheus text format, version 0.0.4
 */
#include "ct-ws/site/metrics.h"

#include <inttypes.h>

/* Bytes at the end of an event within which update_type stands, in both formats. */
enum { METRICS_TAIL = 256 };

void
metrics_take(struct metrics *m, struct span event)
{
	struct span tail = event.n > METRICS_TAIL ?
	    span_from(event, event.n - METRICS_TAIL) : event;
	struct span precert = SPAN("\"update_type\":\"PrecertLogEntry\"");
	struct span regular = SPAN("\"update_type\":\"X509LogEntry\"");

	if (memmem(tail.p, tail.n, precert.p, precert.n) != NULL)
		m->precert++;
	else if (memmem(tail.p, tail.n, regular.p, regular.n) != NULL)
		m->regular++;
}

static void
metrics_family(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_putf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
metrics_one(struct buf *b, const char *name, const char *type, const char *help, uint64_t v)
{
	metrics_family(b, name, type, help);
	buf_putf(b, "%s %" PRIu64 "\n", name, v);
}

static void
metrics_put_go(const struct metrics *m, const struct stream *streams, struct buf *b)
{
	static const char *const certs = "certstreamservergo_certificates_total";
	static const char *const clients = "certstreamservergo_clients_total";
	static const char *const skipped = "certstreamservergo_skipped_certs";

	metrics_family(b, certs, "counter", "Certificates seen, by kind of entry.");
	buf_putf(b, "%s{type=\"precert\"} %" PRIu64 "\n", certs, m->precert);
	buf_putf(b, "%s{type=\"regular\"} %" PRIu64 "\n", certs, m->regular);
	metrics_family(b, clients, "gauge", "WebSocket clients, by stream.");
	for (size_t i = 0; i < FORMS; i++)
		buf_putf(b, "%s{type=\"%s\"} %zu\n", clients, stream_name(streams[i].form),
		    streams[i].count);
	metrics_family(b, skipped, "gauge",
	    "Records skipped for a connected client that was too slow.");
	for (size_t i = 0; i < FORMS; i++)
		for (size_t k = 0; k < streams[i].count; k++) {
			const struct reader *r = streams[i].readers[k];

			if (r->skipped > 0)
				buf_putf(b, "%s{client=\"%" PRIu64 "\"} %" PRIu64 "\n", skipped,
				    r->number, r->skipped);
		}
}

static void
metrics_put_streams(const struct stream *streams, struct buf *b)
{
	uint64_t sent[FORMS], skipped[FORMS];

	for (size_t i = 0; i < FORMS; i++) {
		sent[i] = streams[i].sent;
		skipped[i] = streams[i].skipped;
		for (size_t k = 0; k < streams[i].count; k++) {
			sent[i] += streams[i].readers[k]->sent;
			skipped[i] += streams[i].readers[k]->skipped;
		}
	}
	metrics_family(b, "ct_ws_sent_bytes_total", "counter", "Bytes sent to WebSocket clients.");
	for (size_t i = 0; i < FORMS; i++)
		buf_putf(b, "ct_ws_sent_bytes_total{stream=\"%s\"} %" PRIu64 "\n",
		    stream_name(streams[i].form), sent[i]);
	metrics_family(b, "ct_ws_skipped_total", "counter",
	    "Records skipped for clients that were too slow.");
	for (size_t i = 0; i < FORMS; i++)
		buf_putf(b, "ct_ws_skipped_total{stream=\"%s\"} %" PRIu64 "\n",
		    stream_name(streams[i].form), skipped[i]);
	metrics_family(b, "ct_ws_frames_total", "counter",
	    "Text frames made; none are while a stream has no client.");
	for (size_t i = 0; i < FORMS; i++)
		buf_putf(b, "ct_ws_frames_total{stream=\"%s\"} %" PRIu64 "\n",
		    stream_name(streams[i].form), streams[i].texts);
	metrics_family(b, "ct_ws_blocked_clients", "gauge",
	    "Clients whose socket takes no more just now.");
	for (size_t i = 0; i < FORMS; i++)
		buf_putf(b, "ct_ws_blocked_clients{stream=\"%s\"} %zu\n",
		    stream_name(streams[i].form), streams[i].blocked);
}

static void
metrics_put_connections(const struct metrics *m, const struct stream *streams, struct buf *b)
{
	static const char *const causes[] = { "client", "silent", "stuck", "protocol", "shutdown" };

	metrics_family(b, "ct_ws_opened_total", "counter", "WebSockets opened.");
	for (size_t i = 0; i < FORMS; i++)
		buf_putf(b, "ct_ws_opened_total{stream=\"%s\"} %" PRIu64 "\n",
		    stream_name(streams[i].form), m->opened[i]);
	metrics_family(b, "ct_ws_closed_total", "counter", "WebSockets ended, by cause.");
	for (size_t i = 0; i < METRICS_CLOSES; i++)
		buf_putf(b, "ct_ws_closed_total{cause=\"%s\"} %" PRIu64 "\n", causes[i],
		    m->closed[i]);
	metrics_one(b, "ct_ws_http_requests_total", "counter",
	    "HTTP requests read, upgrades among them.", m->requests);
	metrics_one(b, "ct_ws_refused_total", "counter",
	    "Connections refused because there were too many.", m->refused);
	metrics_one(b, "ct_ws_timeouts_total", "counter",
	    "Connections ended that sent no request, or took no answer, in time.", m->timeouts);
}

void
metrics_put(const struct metrics *m, const struct stream streams[FORMS], bool hub, uint64_t now,
    struct buf *b)
{
	metrics_put_go(m, streams, b);
	metrics_put_streams(streams, b);
	metrics_put_connections(m, streams, b);
	metrics_one(b, "ct_ws_connections", "gauge", "Connections open, of any kind.",
	    m->connections);
	metrics_one(b, "ct_ws_bus_connected", "gauge", "1 while the hub is connected and heard.", hub);
	metrics_one(b, "ct_ws_bus_holes_total", "counter",
	    "Holes in the numbers of records on the bus.", m->holes);
	metrics_one(b, "ct_ws_bus_missed_total", "counter", "Records in those holes.", m->missed);
	metrics_family(b, "ct_ws_uptime_seconds", "gauge", "Since the start.");
	buf_putf(b, "ct_ws_uptime_seconds %" PRIu64 ".%03u\n", (now - m->started) / 1000,
	    (unsigned)((now - m->started) % 1000));
}
