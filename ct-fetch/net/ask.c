/*
 * Requests to the hosts of logs.
 *
 * in: URLs of heads, pages and issuers
 * out: answers; the host's limiter (host.h) is asked before each request and told of its outcome,
 * and the counters of the run go up
 */
#include "ct-fetch/net/ask.h"

#include <stdio.h>
#include <time.h>

#include "base/tell.h"
#include "ct-fetch/net/retry.h"

void
ask_init(struct ask *ask, struct fetch *f, struct host *host,
    void (*done)(void *cookie, struct http_answer *), void *cookie)
{
	*ask = (struct ask){ .fetch = f, .host = host, .done = done, .cookie = cookie };
}

static enum host_outcome
ask_outcome(const struct http_answer *a)
{
	if (a->status == 0 || (a->cut && a->body.n == 0))
		return HOST_FAILED;
	if (a->status == 429)
		return HOST_LIMITED;
	if (a->status >= 500)
		return a->status == 503 ? HOST_BUSY : HOST_BROKEN;
	if (a->status != 200)
		return HOST_REFUSED;
	return a->cut ? HOST_CUT : HOST_GOOD;
}

/* Counts one request by its outcome. */
static void
ask_tally(struct fetch_asks *n, const struct http_answer *a, uint64_t now)
{
	n->bytes += a->body.n;
	if (a->status == 0)
		n->failed++;
	else if (a->status == 429 || a->status == 503)
		n->limited++;
	else if (a->status != 200)
		n->refused++;
	else if (a->cut)
		n->cut++;
	else
		n->good++;
	if (a->status == 200 && !a->cut)
		n->good_at = now;
}

static void
ask_done(void *cookie, struct http_answer *a)
{
	struct ask *ask = cookie;
	struct fetch *f = ask->fetch;
	enum host_outcome outcome = ask_outcome(a);
	uint64_t wait = 0;

	if (outcome != HOST_GOOD && a->retry_after[0] != '\0')
		wait = retry_after(a->retry_after, time(NULL));
	ask_tally(&f->count.asks, a, loop_now(f->loop));
	if (ask->count != NULL)
		ask_tally(ask->count, a, loop_now(f->loop));
	ask->transfer = NULL;
	host_end(ask->host, &ask->request, loop_now(f->loop), outcome, wait);
	fetch_wake(f);
	ask->done(ask->cookie, a);
}

bool
ask_start(struct ask *ask, const struct ask_request *r, uint64_t *again)
{
	struct fetch *f = ask->fetch;
	struct http_ask get = {
		.most = r->most, .deadline = r->deadline, .fresh = r->fresh, .guess = true,
		.done = ask_done, .cookie = ask,
	};
	uint64_t when, now = loop_now(f->loop);
	struct buf url;

	ask->request = (struct host_request){ .class = r->class, .who = r->base };
	if (!host_may(ask->host, &ask->request, now, &when)) {
		if (when < *again)
			*again = when;
		return false;
	}
	buf_init(&url);
	buf_puts(&url, r->base);
	buf_puts(&url, r->path);
	get.url = buf_str(&url);
	tell(TELL_TRACE, "GET %s", get.url);
	host_start(ask->host, &ask->request, now);
	f->count.asks.started++;
	if (ask->count != NULL)
		ask->count->started++;
	ask->transfer = http_start(f->http, &get);
	buf_free(&url);
	return true;
}

void
ask_cancel(struct ask *ask)
{
	if (ask->transfer == NULL)
		return;
	http_cancel(ask->transfer);
	ask->transfer = NULL;
	host_end(ask->host, &ask->request, loop_now(ask->fetch->loop), HOST_UNKNOWN, 0);
}

const char *
ask_why(const struct http_answer *a, char out[MAX_WHY])
{
	if (a->why[0] == '\0')
		snprintf(out, MAX_WHY, "HTTP %d", a->status);
	else
		snprintf(out, MAX_WHY, "%s", a->why);
	return out;
}
