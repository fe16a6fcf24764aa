/*
 * Shows the counters as other certstream servers do.
 *
 * in: what ct-ws has counted
 * out: metrics by the names of certstream-server-go 1.10 and certstream-server-rust 1.7
 *
 * Some of these names break the rules of Prometheus: gauges that end in _total, counters that do
 * not. They are given no type, which is how those servers and their dashboards have them.
 */
#include "ct-ws/site/metrics_peers.h"

#include <inttypes.h>
#include <stdio.h>

static void
metrics_put_go_logs(const struct report *r, struct expo *e)
{
	expo_family(e, "certstreamservergo_certs_by_log_total", EXPO_COUNTER,
	    "Certificates seen, by log.");
	for (size_t i = 0; i < r->logs->count; i++) {
		const struct logs_log *g = &r->logs->list[i];
		struct expo_label labels[] = { { "url", g->url }, { "operator", g->operator } };

		if (g->url[0] != '\0')
			expo_count(e, g->events, labels, 2);
	}
}

void
metrics_put_go(const struct report *r, struct expo *e)
{
	static const char *const streams[] = { "domain", "full", "lite" };
	struct expo_label type = { "type", "precert" };
	struct tally_slow slow;
	char number[24];

	expo_family(e, "certstreamservergo_certificates_total", EXPO_COUNTER,
	    "Certificates seen, by kind of entry.");
	expo_count(e, r->counted->precert, &type, 1);
	type.value = "regular";
	expo_count(e, r->counted->regular, &type, 1);
	metrics_put_go_logs(r, e);
	expo_family(e, "certstreamservergo_clients_total", EXPO_UNKNOWN,
	    "Clients connected now, by stream.");
	for (size_t i = 0; i < 3; i++) {
		type.value = streams[i];
		expo_count(e, tally_sum(r->tally, streams[i], NULL).clients, &type, 1);
	}
	expo_family(e, "certstreamservergo_skipped_certs", EXPO_GAUGE,
	    "Records skipped for a connected client that was too slow.");
	for (size_t at = 0; at + sizeof(slow) <= r->tally->slow.n; at += sizeof(slow)) {
		struct expo_label client = { "client", number };

		memcpy(&slow, r->tally->slow.p + at, sizeof(slow));
		snprintf(number, sizeof(number), "%" PRIu64, slow.number);
		expo_count(e, slow.skipped, &client, 1);
	}
}

/* Returns true when no log before this one has its name, which is the only label there. */
static bool
metrics_is_first(const struct logs *l, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(l->list[k].name, l->list[i].name) == 0)
			return false;
	return true;
}

static void
metrics_put_rust_logs(const struct report *r, struct expo *e)
{
	const struct logs *l = r->logs;
	double lag;

	expo_family(e, "certstream_messages_sent", EXPO_UNKNOWN, "Certificates served, by log.");
	for (size_t i = 0; i < l->count; i++) {
		struct expo_label label = { "log", l->list[i].name };

		if (metrics_is_first(l, i))
			expo_count(e, l->list[i].events, &label, 1);
	}
	expo_family(e, "certstream_ct_log_lag_entries", EXPO_GAUGE,
	    "Entries owed up to the tree head, by log.");
	for (size_t i = 0; i < l->count; i++) {
		struct expo_label label = { "log", l->list[i].name };

		if (metrics_is_first(l, i) && logs_lag(&l->list[i], r->now, &lag))
			expo_real(e, lag, &label, 1);
	}
	expo_family(e, "certstream_ct_log_ingest_delay_seconds", EXPO_GAUGE,
	    "How long ago the newest entry was logged, by log.");
	for (size_t i = 0; i < l->count; i++) {
		struct expo_label label = { "log", l->list[i].name };
		uint64_t newest = l->list[i].newest;

		if (metrics_is_first(l, i) && newest > 0)
			expo_real(e, r->unix_ms > newest ? (double)(r->unix_ms - newest) / 1000 : 0,
			    &label, 1);
	}
}

static void
metrics_put_rust_counts(const struct report *r, struct expo *e)
{
	const struct logs *l = r->logs;

	expo_one(e, "certstream_parse_failures", EXPO_UNKNOWN,
	    "Entries that came as malformed records.", l->malformed);
	expo_family(e, "certstream_duplicates_filtered", EXPO_UNKNOWN,
	    "Entries left out because they repeat a certificate.");
	expo_real(e, logs_sum(l, LOGS_PARSE, "dropped"), NULL, 0);
	if (logs_next(l, LOGS_FETCH, NULL) != NULL) {
		expo_family(e, "certstream_ct_log_rate_limited_total", EXPO_COUNTER,
		    "Requests to logs that were refused with 429 or 503.");
		expo_real(e, logs_sum(l, LOGS_FETCH, "limited"), NULL, 0);
	}
}

static void
metrics_put_rust_clients(const struct report *r, struct expo *e)
{
	const struct metrics *m = r->counted;
	struct expo_label protocol = { "protocol", "ws" };

	expo_family(e, "certstream_bytes_sent_total", EXPO_COUNTER, "Bytes sent to clients.");
	expo_count(e, tally_sum(r->tally, NULL, "websocket").bytes, &protocol, 1);
	protocol.value = "sse";
	expo_count(e, tally_sum(r->tally, NULL, "sse").bytes, &protocol, 1);
	expo_one(e, "certstream_ws_connections_total", EXPO_UNKNOWN, "WebSocket clients.",
	    tally_sum(r->tally, NULL, "websocket").clients);
	expo_one(e, "certstream_ws_connections_full", EXPO_GAUGE, "Those of the stream full.",
	    tally_sum(r->tally, "full", "websocket").clients);
	expo_one(e, "certstream_ws_connections_lite", EXPO_GAUGE, "Those of the stream lite.",
	    tally_sum(r->tally, "lite", "websocket").clients);
	expo_one(e, "certstream_ws_connections_domains", EXPO_GAUGE, "Those of the stream domains.",
	    tally_sum(r->tally, "domain", "websocket").clients);
	expo_one(e, "certstream_sse_connections", EXPO_GAUGE, "Clients of server-sent events.",
	    tally_sum(r->tally, NULL, "sse").clients);
	expo_one(e, "certstream_ws_messages_lagged", EXPO_UNKNOWN,
	    "Records skipped for WebSocket clients that were too slow.",
	    tally_sum(r->tally, NULL, "websocket").skipped);
	expo_one(e, "certstream_sse_messages_lagged", EXPO_UNKNOWN,
	    "Records skipped for clients of server-sent events that were too slow.",
	    tally_sum(r->tally, NULL, "sse").skipped);
	expo_one(e, "certstream_ws_disconnect_lag", EXPO_UNKNOWN,
	    "Always 0: who falls behind is skipped ahead, not disconnected.", 0);
	expo_one(e, "certstream_sse_disconnect_lag", EXPO_UNKNOWN,
	    "Always 0: who falls behind is skipped ahead, not disconnected.", 0);
	expo_one(e, "certstream_ws_disconnect_write_timeout", EXPO_UNKNOWN,
	    "WebSockets ended that took nothing for too long.", m->closed[METRICS_CLOSE_STUCK]);
}

static void
metrics_put_rust_refusals(const struct report *r, struct expo *e)
{
	const uint64_t *refused = r->counted->turned_away;

	expo_one(e, "certstream_connection_limit_rejected", EXPO_UNKNOWN,
	    "Connections refused because there were too many.", refused[DOOR_FULL]);
	expo_one(e, "certstream_per_ip_limit_rejected", EXPO_UNKNOWN,
	    "Connections refused because their address had too many.", refused[DOOR_ADDRESS]);
	expo_one(e, "certstream_auth_rejected", EXPO_UNKNOWN,
	    "Requests refused that brought no token, or one that is not known.",
	    refused[DOOR_NO_TOKEN] + refused[DOOR_BAD_TOKEN]);
	expo_one(e, "certstream_worker_panics", EXPO_UNKNOWN,
	    "Workers that ended without being told to.", r->worker_deaths);
}

void
metrics_put_rust(const struct report *r, struct expo *e)
{
	metrics_put_rust_logs(r, e);
	metrics_put_rust_counts(r, e);
	metrics_put_rust_clients(r, e);
	metrics_put_rust_refusals(r, e);
}
