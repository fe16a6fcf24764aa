/*
 * Showing programs what a run has done.
 *
 * in: the counters of the run and the state of its logs
 * out: a status record (ct-entry(5))
 */
#include "ct-fetch/status.h"

#include <inttypes.h>

#include "ct-fetch/fetch.h"
#include "ct-fetch/list/catalog.h"
#include "ct-fetch/log/log_view.h"
#include "ct-fetch/net/host.h"
#include "ct-fetch/state/evidence.h"
#include "enc/b64.h"
#include "enc/json_put.h"
#include "os/wall.h"

static void
status_put_number(struct buf *b, const char *name, uint64_t n)
{
	buf_putf(b, ",\"%s\":%" PRIu64, name, n);
}

/* Writes ms milliseconds as seconds, or null when they are LOG_NEVER. */
static void
status_put_seconds(struct buf *b, const char *name, uint64_t ms)
{
	buf_putf(b, ",\"%s\":", name);
	if (ms == LOG_NEVER)
		buf_puts(b, "null");
	else
		wall_put(b, ms);
}

/* Writes the time of day that was age ms before now, which is in ms since 1970. */
static void
status_put_time(struct buf *b, const char *name, uint64_t now, uint64_t age)
{
	status_put_seconds(b, name, age == LOG_NEVER ? LOG_NEVER : now - age);
}

/* Writes how requests have ended. */
static void
status_put_outcomes(struct buf *b, const struct fetch_asks *n)
{
	status_put_number(b, "good", n->good);
	status_put_number(b, "cut", n->cut);
	status_put_number(b, "limited", n->limited);
	status_put_number(b, "refused", n->refused);
	status_put_number(b, "failed", n->failed);
}

static void
status_put_asks(struct buf *b, const struct fetch_asks *n)
{
	status_put_number(b, "bytes", n->bytes);
	status_put_number(b, "requests", n->started);
	status_put_outcomes(b, n);
}

static void
status_put_log(struct buf *b, const struct log *l, uint64_t now)
{
	struct log_view v;

	log_view(l, &v);
	buf_puts(b, "{\"log_id\":\"");
	b64_put(b, span_of(v.id, HASH_SHA256));
	buf_puts(b, "\",\"name\":");
	json_put_str(b, v.name);
	buf_puts(b, ",\"operator\":");
	json_put_str(b, v.operator);
	buf_puts(b, ",\"url\":");
	json_put_str(b, v.url);
	buf_putf(b, ",\"state\":\"%s\"", log_state_name(v.state));
	status_put_number(b, "next", v.next);
	status_put_number(b, "size", v.size);
	status_put_number(b, "verified", v.verified);
	if (v.has_head && v.placed)
		status_put_number(b, "lag", v.lag);
	else
		buf_puts(b, ",\"lag\":null");
	status_put_number(b, "gaps", v.gaps);
	status_put_seconds(b, "behind", v.behind);
	status_put_seconds(b, "head_age", v.head_age);
	buf_putf(b, ",\"rate\":%.1f", v.rate);
	status_put_number(b, "entries", v.entries);
	status_put_asks(b, v.asks);
	status_put_number(b, "errors", v.errors);
	status_put_number(b, "evidence", v.evidence);
	status_put_time(b, "last_success", now, v.success_age);
	status_put_time(b, "last_error_time", now, v.error_age);
	buf_puts(b, ",\"last_error\":");
	json_put_str(b, v.error);
	status_put_seconds(b, "trouble", v.trouble_age);
	buf_putc(b, '}');
}

/* The outcomes are those of struct fetch_asks, so that they can be compared. */
static void
status_put_host(struct buf *b, struct host *h, uint64_t mono, uint64_t now)
{
	struct host_report r;
	struct fetch_asks asks;

	host_report(h, mono, &r);
	asks = (struct fetch_asks){
		.good = r.outcomes[HOST_GOOD], .cut = r.outcomes[HOST_CUT],
		.limited = r.outcomes[HOST_LIMITED] + r.outcomes[HOST_BUSY],
		.refused = r.outcomes[HOST_REFUSED] + r.outcomes[HOST_BROKEN],
		.failed = r.outcomes[HOST_FAILED],
	};
	buf_puts(b, "{\"name\":");
	json_put_str(b, host_name(h));
	if (r.rate > 0)
		buf_putf(b, ",\"rate\":%.3f", r.rate);
	else
		buf_puts(b, ",\"rate\":null");
	buf_putf(b, ",\"granted\":%.3f", r.seen);
	status_put_number(b, "width", r.width);
	status_put_number(b, "running", r.running);
	status_put_seconds(b, "latency", r.latency);
	status_put_outcomes(b, &asks);
	status_put_seconds(b, "pause", r.pause);
	status_put_time(b, "paused_time", now, r.paused_at > 0 ? mono - r.paused_at : LOG_NEVER);
	buf_puts(b, ",\"paused_why\":");
	json_put_str(b, r.paused_why);
	buf_putc(b, '}');
}

static void
status_put_hosts(struct buf *b, const struct fetch *f, uint64_t now)
{
	struct host *h = NULL;
	bool first = true;

	buf_puts(b, ",\"hosts\":[");
	while ((h = hosts_next(f->hosts, h)) != NULL) {
		if (!first)
			buf_putc(b, ',');
		first = false;
		status_put_host(b, h, loop_now(f->loop), now);
	}
	buf_putc(b, ']');
}

/* Puts how old the log lists are, or null where there is none or it does not say. */
static void
status_put_lists(struct buf *b, const struct catalog *c)
{
	int64_t dated = 0, current = 0;

	if (c != NULL)
		catalog_times(c, &dated, &current);
	status_put_seconds(b, "list_time", dated > 0 ? (uint64_t)dated * 1000 : LOG_NEVER);
	status_put_seconds(b, "list_current_time", current > 0 ? (uint64_t)current * 1000 : LOG_NEVER);
}

void
status_init(struct status *s, const struct fetch *f, const struct choice *choice)
{
	*s = (struct status){ .fetch = f, .choice = choice };
	producer_name(s->producer);
}

void
status_put(struct buf *b, const struct status *s, struct log *const *logs, size_t n)
{
	const struct fetch *f = s->fetch;
	const struct fetch_asks *asks = &f->count.asks;
	uint64_t now = wall_now();

	buf_puts(b, "{\"message_type\":\"status\",\"stage\":\"ct-fetch\"");
	buf_putf(b, ",\"producer\":\"%s\"", s->producer);
	if (s->choice->shares > 0)
		buf_putf(b, ",\"shard\":\"%u/%u\"", s->choice->share, s->choice->shares);
	status_put_seconds(b, "seen", now);
	status_put_number(b, "entries", f->count.entries);
	status_put_asks(b, asks);
	status_put_number(b, "errors", asks->cut + asks->limited + asks->refused + asks->failed);
	status_put_number(b, "issuers", f->count.issuers);
	status_put_number(b, "issuers_missing", f->count.issuers_missing);
	status_put_number(b, "chains_missing", f->count.chains_missing);
	status_put_number(b, "evidence", evidence_count(f->evidence));
	status_put_lists(b, s->catalog);
	status_put_hosts(b, f, now);
	buf_puts(b, ",\"logs\":[");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(b, ',');
		status_put_log(b, logs[i], now);
	}
	buf_puts(b, "]}\n");
}
