/*
 * Tells how well ct-ws is supplied with records.
 *
 * in: the state that the reader of the bus reports, counters, and what the stream says of the logs
 * out: the JSON text of /health/deep
 */
#include "ct-ws/site/health.h"

#include <inttypes.h>

#include "ct-ws/site/report.h"
#include "enc/json_put.h"

void
health_begin(struct health *h, uint64_t stale, uint64_t now)
{
	*h = (struct health){ .fresh = now, .stale_ms = stale * 1000 };
}

void
health_second(struct health *h, uint64_t events, uint64_t now)
{
	if (events != h->events)
		h->fresh = now;
	h->events = events;
}

bool
health_has_hub(const struct health *h)
{
	return h->hub == HEALTH_HUB_THERE;
}

static bool
health_has_feed(const struct health *h, uint64_t now)
{
	return h->stale_ms == 0 || now < h->fresh || now - h->fresh <= h->stale_ms;
}

bool
health_is_good(const struct health *h, uint64_t now)
{
	return health_has_hub(h) && health_has_feed(h, now);
}

static void
health_put_why(const struct health *h, struct buf *out)
{
	static const char *const whys[] = {
		"ct-ws is not connected to the hub",
		"nothing comes from the hub, though it has not closed the connection",
	};

	if (health_has_hub(h))
		buf_putf(out, "no certificate has come from the hub for %" PRIu64 " seconds",
		    h->stale_ms / 1000);
	else
		buf_puts(out, whys[h->hub]);
}

/* Puts a member with the seconds since a time, or null where that never was. */
static void
health_put_ago(const char *member, bool ever, uint64_t then, uint64_t now, struct buf *out)
{
	uint64_t ago = now > then ? now - then : 0;

	buf_putf(out, ",\"%s\":", member);
	if (ever)
		buf_putf(out, "%" PRIu64 ".%03u", ago / 1000, (unsigned)(ago % 1000));
	else
		buf_puts(out, "null");
}

/* Puts a member with a number of the report on a log, or null where it is not known. */
static void
health_put_figure(const struct logs_report *said, const char *member, struct buf *out)
{
	double value = figures_get(&said->figures, &figures_log, member, -1);

	if (value >= 0)
		buf_putf(out, ",\"%s\":%.15g", member, value);
	else
		buf_putf(out, ",\"%s\":null", member);
}

static void
health_put_log(const struct logs_log *g, const struct logs_report *said, struct buf *out)
{
	buf_puts(out, "{\"name\":");
	json_put_str(out, g->name);
	buf_puts(out, ",\"url\":");
	json_put_str(out, g->url);
	buf_puts(out, ",\"state\":");
	json_put_str(out, said->state);
	health_put_figure(said, "lag", out);
	health_put_figure(said, "gaps", out);
	health_put_figure(said, "behind", out);
	health_put_figure(said, "trouble", out);
	buf_puts(out, ",\"last_error\":");
	json_put_str(out, said->error);
	health_put_figure(said, "last_error_time", out);
	buf_putc(out, '}');
}

/* A log that is done or given up has an end; that it goes no further is told by its state. */
static bool
health_lags(const struct logs_report *said)
{
	return strcmp(said->state, "failed") == 0 || (strcmp(said->state, "done") != 0 &&
	    (figures_get(&said->figures, &figures_log, "behind", 0) > HEALTH_LAGGING_S ||
	    figures_get(&said->figures, &figures_log, "trouble", 0) > HEALTH_LAGGING_S));
}

/* Returns when the ct-fetch was last heard that has been silent for longest, or false without any. */
static bool
health_heard_fetch(const struct logs *l, uint64_t *at)
{
	const struct logs_producer *p = logs_next(l, LOGS_FETCH, NULL);

	if (p == NULL)
		return false;
	for (*at = p->at; p != NULL; p = logs_next(l, LOGS_FETCH, p))
		*at = p->at < *at ? p->at : *at;
	return true;
}

static void
health_put_feed(const struct report *r, struct buf *out)
{
	size_t followed = 0, lagging = 0;
	uint64_t at;

	if (!health_heard_fetch(r->logs, &at)) {
		buf_puts(out, ",\"feed\":null");
		return;
	}
	buf_puts(out, ",\"feed\":{\"lagging\":[");
	for (size_t i = 0; i < r->logs->count; i++) {
		const struct logs_report *said = logs_best(&r->logs->list[i], r->now);

		if (said == NULL)
			continue;
		followed++;
		if (!health_lags(said))
			continue;
		buf_puts(out, lagging++ > 0 ? "," : "");
		health_put_log(&r->logs->list[i], said, out);
	}
	buf_putf(out, "],\"logs\":%zu", followed);
	health_put_ago("status_ago", true, at, r->now, out);
	buf_putc(out, '}');
}

void
health_put(const struct report *r, struct buf *out)
{
	static const char *const names[] = { "away", "silent", "connected" };
	const struct health *h = r->health;

	if (health_is_good(h, r->now))
		buf_puts(out, "{\"status\":\"ok\"");
	else {
		buf_puts(out, "{\"status\":\"stale\",\"why\":\"");
		health_put_why(h, out);
		buf_putc(out, '"');
	}
	buf_putf(out, ",\"hub\":\"%s\"", names[h->hub]);
	health_put_ago("heard_ago", h->was_heard, h->heard, r->now, out);
	health_put_ago("event_ago", h->events > 0, h->fresh, r->now, out);
	buf_putf(out, ",\"events\":%" PRIu64 ",\"holes\":%" PRIu64 ",\"missed\":%" PRIu64, r->events,
	    r->counted->holes, r->counted->missed);
	health_put_feed(r, out);
	buf_puts(out, "}\n");
}
