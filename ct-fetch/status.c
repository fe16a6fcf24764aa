/*
 * Showing what a run has done.
 *
 * in: the counters of the run and the state of its logs
 * out: a status record (ct-entry(5)), or a line for a terminal
 */
#include "ct-fetch/status.h"

#include <inttypes.h>
#include <time.h>

#include "ct-fetch/log/log.h"
#include "enc/b64.h"
#include "enc/json_put.h"

enum {
	LIVE_LAG = 2048,	/* entries owed, below which a log counts as live */
};

static void
status_put_number(struct buf *b, const char *name, uint64_t n)
{
	buf_putf(b, ",\"%s\":%" PRIu64, name, n);
}

static void
status_put_log(struct buf *b, const struct log *l)
{
	buf_puts(b, "{\"log_id\":\"");
	b64_put(b, span_of(l->source.id, sizeof(l->source.id)));
	buf_puts(b, "\",\"name\":");
	json_put_str(b, l->source.name);
	status_put_number(b, "next", l->next);
	status_put_number(b, "size", l->head.size);
	status_put_number(b, "lag", log_lag(l));
	status_put_number(b, "errors", l->errors);
	buf_putc(b, '}');
}

void
status_put(struct buf *b, const struct fetch *f, struct log *const *logs, size_t n)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	buf_putf(b, "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"seen\":%lld.%03ld",
	    (long long)t.tv_sec, t.tv_nsec / 1000000);
	status_put_number(b, "entries", f->count.entries);
	status_put_number(b, "bytes", f->count.bytes);
	status_put_number(b, "requests", f->count.requests);
	status_put_number(b, "errors", f->count.errors);
	status_put_number(b, "limited", f->count.limited);
	status_put_number(b, "issuers", f->count.issuers);
	status_put_number(b, "issuers_missing", f->count.issuers_missing);
	buf_puts(b, ",\"logs\":[");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(b, ',');
		status_put_log(b, logs[i]);
	}
	buf_puts(b, "]}\n");
}

void
status_put_line(struct buf *b, const struct fetch *f, struct log *const *logs, size_t n,
    double rate)
{
	size_t live = 0, behind = 0;
	uint64_t lag = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t owed = log_lag(logs[i]);

		lag += owed;
		behind += owed >= LIVE_LAG;
		live += logs[i]->has_head && owed < LIVE_LAG;
	}
	buf_putf(b, "%" PRIu64 " entries, %.0f/s, %zu of %zu logs live", f->count.entries, rate,
	    live, n);
	if (behind > 0)
		buf_putf(b, ", %zu behind by %" PRIu64, behind, lag);
}
