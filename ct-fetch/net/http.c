/*
 * HTTP transfers; door to libcurl, with client.c, pool.c, redirect.c and transfer.c.
 *
 * in: URLs to get
 * out: answers. Each transfer runs over the connections that its origin (origin.h) has; every
 * PACE_TICK ms all are looked at, and those that hang are ended.
 */
#include "ct-fetch/net/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/die.h"
#include "ct-fetch/net/client.h"
#include "ct-fetch/net/origin.h"
#include "ct-fetch/net/pool.h"
#include "ct-fetch/net/redirect.h"
#include "ct-fetch/net/transfer.h"

enum {
	KEEP_BODY = 32 << 10,	/* bytes of each buffer kept from one transfer to the next */
	KEEP_SPACE = 2 << 20,	/* bytes of each buffer kept for bodies to come ... */
	MAX_SPACES = 8,		/* ... and their number: as many pages as a log is asked for at a time */
	MAX_SPARE = 6,		/* transfers kept for reuse: most logs ask for little, one after the other */
};

struct http {
	struct loop *loop;
	struct client *client;
	struct loop_timer tick;
	struct origin *origins;
	struct pool *retired;		/* those that no origin gives new transfers */
	struct http_transfer *running;
	struct http_transfer *spare;	/* finished ones, for reuse */
	unsigned spares;		/* their number */
	struct loop_timer next;		/* when it comes due, an answer is handed over */
	uint64_t ends;			/* how many transfers have ended */
	struct buf spaces[MAX_SPACES];	/* memory for bodies to come */
	unsigned spaces_n;
};

struct http_transfer {
	struct transfer transfer;
	struct http *http;
	struct curl_slist *headers;	/* those of this transfer alone, or NULL */
	struct origin *origin;
	struct pool *pool;
	bool two;			/* HTTP/2 may be used */
	uint64_t until;			/* loop ms of the deadline; 0: none */
	unsigned redirects;		/* followed */
	uint64_t ended;			/* which one it is of those that have ended; 0: it has not */
	CURLcode code;			/* what libcurl then said */
	struct http_answer answer;
	void (*done)(void *cookie, struct http_answer *);
	void *cookie;
	struct http_transfer *next, **link;	/* in running or spare */
};

static void
http_link(struct http_transfer **list, struct http_transfer *t)
{
	t->next = *list;
	t->link = list;
	if (t->next != NULL)
		t->next->link = &t->next;
	*list = t;
}

static void
http_unlink(struct http_transfer *t)
{
	*t->link = t->next;
	if (t->next != NULL)
		t->next->link = t->link;
}

/* ---- where transfers run ---- */

/* Closes the connections that no origin uses any more, nor a transfer. */
static void
http_sweep(struct http *h)
{
	struct pool **p = &h->retired, *pool;

	while ((pool = *p) != NULL) {
		if (!pool_is_idle(pool)) {
			p = &pool->next;
			continue;
		}
		*p = pool->next;
		pool_close(pool);
	}
}

static void http_ended(void *transfer, CURLcode code);

/* Gives origin new connections; no transfer begins over the old ones any more. */
static void
http_renew(struct http *h, struct origin *o, uint64_t now)
{
	if (o->pool != NULL) {
		o->pool->next = h->retired;
		h->retired = o->pool;
	}
	origin_renew(o, pool_open(h->loop, http_ended), now);
}

/* Lets the transfer run over the connections of its origin, from the beginning. */
static void
http_run(struct http_transfer *t)
{
	struct http *h = t->http;
	uint64_t now = loop_now(h->loop);

	transfer_reset(&t->transfer);
	t->ended = 0;
	if (t->until > 0)
		curl_easy_setopt(t->transfer.easy, CURLOPT_TIMEOUT_MS,
		    (long)(t->until > now ? t->until - now : 1));
	if (origin_is_stale(t->origin, now))
		http_renew(h, t->origin, now);
	t->pool = origin_use(t->origin);
	pool_start(t->pool, t->transfer.easy);
}

static void
http_drop(struct http_transfer *t)
{
	curl_slist_free_all(t->headers);
	transfer_free(&t->transfer);
	free(t);
}

/* Keeps an ended transfer for the next one, with its buffer, or frees it. */
static void
http_reuse(struct http_transfer *t)
{
	struct http *h = t->http;

	http_unlink(t);
	if (h->spares == MAX_SPARE) {
		http_drop(t);
		return;
	}
	body_reset(&t->transfer.body, 0, false);
	if (t->transfer.body.bytes.cap > KEEP_BODY)
		http_give_back(h, &t->transfer.body.bytes);
	buf_trim(&t->transfer.body.packed, KEEP_BODY);
	http_link(&h->spare, t);
	h->spares++;
}

/* ---- the end of a transfer ---- */

/* Tells the origin what this transfer says about its connections. */
static void
http_note(const struct http_transfer *t, CURLcode code)
{
	const struct transfer *r = &t->transfer;
	long version = 0;
	bool two;

	if (r->file || r->end == TRANSFER_UNUSABLE)
		return;
	curl_easy_getinfo(r->easy, CURLINFO_HTTP_VERSION, &version);
	two = t->two && (version == CURL_HTTP_VERSION_2_0 || version == CURL_HTTP_VERSION_NONE);
	if (code == CURLE_OK || r->end == TRANSFER_LEFT)
		origin_answered(t->origin, version == CURL_HTTP_VERSION_2_0);
	else if (transfer_is_sent(r))
		origin_failed(t->origin, t->pool, two, loop_now(t->http->loop));
}

static bool
http_is_redirect(int status)
{
	return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

/*
 * Starts the transfer anew where its answer leads, and returns true. Returns false when that is not
 * at the same origin or too many have led on already; the answer then says where it leads.
 */
static bool
http_follow(struct http_transfer *t)
{
	struct transfer *r = &t->transfer;
	char where[MAX_WHY], *from = NULL, *to;
	bool same;

	if (!http_is_redirect(t->answer.status) || r->header.location[0] == '\0')
		return false;
	curl_easy_getinfo(r->easy, CURLINFO_EFFECTIVE_URL, &from);
	to = redirect_open(from, r->header.location, &same);
	if (to == NULL || !same || t->redirects == MAX_REDIRECTS) {
		transfer_escape(where, to != NULL ? to : r->header.location);
		snprintf(t->answer.why, MAX_WHY, "HTTP %d leads to %.200s", t->answer.status, where);
		redirect_free(to);
		return false;
	}
	t->redirects++;
	curl_easy_setopt(r->easy, CURLOPT_URL, to);
	redirect_free(to);
	http_run(t);
	return true;
}

/* Hands the answer over. What libcurl says of it stands in code. */
static void
http_finish(struct http_transfer *t, CURLcode code)
{
	struct transfer *r = &t->transfer;
	struct http_answer *a = &t->answer;
	struct http *h = t->http;

	pool_stop(t->pool, r->easy);
	http_note(t, code);
	if (body_wants_room(&r->body) && h->spaces_n > 0)
		r->body.bytes = h->spaces[--h->spaces_n];
	transfer_judge(r, code, a);
	if (http_follow(t))
		return;
	memcpy(a->retry_after, r->header.retry_after, sizeof(a->retry_after));
	memcpy(a->etag, r->header.etag, sizeof(a->etag));
	a->body = r->body.bytes;
	t->done(t->cookie, a);
	r->body.bytes = a->body;
	http_reuse(t);
}

/*
 * An answer has come to its end. It is handed over in a turn of its own, so that what is done with
 * one is done before the next is unpacked.
 */
static void
http_ended(void *transfer, CURLcode code)
{
	struct http_transfer *t = transfer;
	struct http *h = t->http;

	t->ended = ++h->ends;
	t->code = code;
	if (!loop_timer_runs(&h->next))
		loop_after(h->loop, &h->next, 0);
}

/* Hands over the answer that has been at its end for longest. */
static void
http_next(void *cookie)
{
	struct http *h = cookie;
	struct http_transfer *first = NULL;
	unsigned n = 0;

	for (struct http_transfer *t = h->running; t != NULL; t = t->next) {
		n += t->ended > 0;
		if (t->ended > 0 && (first == NULL || t->ended < first->ended))
			first = t;
	}
	if (first != NULL)
		http_finish(first, first->code);
	if (n > 1 && !loop_timer_runs(&h->next))
		loop_after(h->loop, &h->next, 0);
}

/* ---- transfers that hang ---- */

/* Returns a transfer that must not be waited for any more, or NULL. */
static struct http_transfer *
http_first_hanging(struct http *h)
{
	struct http_transfer *t = h->running;

	while (t != NULL && (t->ended > 0 || t->transfer.end == TRANSFER_GOES))
		t = t->next;
	return t;
}

/* The calls of done may start and cancel other transfers, so each search begins at the front. */
static void
http_tick(void *cookie)
{
	struct http *h = cookie;
	struct http_transfer *t;

	for (t = h->running; t != NULL; t = t->next)
		if (t->ended == 0)
			(void)transfer_tick(&t->transfer);
	while ((t = http_first_hanging(h)) != NULL)
		http_finish(t, CURLE_OPERATION_TIMEDOUT);
	if (h->running != NULL && !loop_timer_runs(&h->tick))
		loop_after(h->loop, &h->tick, PACE_TICK);
}

/* ---- what others call ---- */

struct http *
http_open(struct loop *loop, const char *agent)
{
	struct http *h = calloc(1, sizeof(*h));

	if (h == NULL)
		die_world("out of memory");
	h->loop = loop;
	h->client = client_open(agent);
	h->tick = (struct loop_timer){ .due = http_tick, .cookie = h };
	h->next = (struct loop_timer){ .due = http_next, .cookie = h };
	return h;
}

void
http_free(struct http *h)
{
	struct http_transfer *t;

	while ((t = h->spare) != NULL) {
		http_unlink(t);
		http_drop(t);
	}
	while (h->origins != NULL) {
		pool_close(h->origins->pool);
		origin_free(&h->origins);
	}
	http_sweep(h);
	loop_stop_timer(h->loop, &h->tick);
	loop_stop_timer(h->loop, &h->next);
	http_trim(h);
	client_close(h->client);
	free(h);
}

static struct http_transfer *
http_spare(struct http *h)
{
	struct http_transfer *t = h->spare;

	if (t != NULL) {
		http_unlink(t);
		h->spares--;
		return t;
	}
	t = calloc(1, sizeof(*t));
	if (t == NULL || (t->transfer.easy = curl_easy_init()) == NULL)
		die_world("out of memory");
	t->http = h;
	return t;
}

/* Sets what libcurl is to do. */
static void
http_prepare(struct http_transfer *t, const struct http_ask *ask)
{
	struct client_request r = {
		.url = ask->url, .unless = ask->unless, .fresh = ask->fresh, .two = t->two,
		.connect = ask->connect > 0 ? ask->connect : HTTP_CONNECT,
	};

	client_prepare(t->http->client, t->transfer.easy, &r, &t->headers);
	curl_easy_setopt(t->transfer.easy, CURLOPT_PRIVATE, t);
}

struct http_transfer *
http_start(struct http *h, const struct http_ask *ask)
{
	struct http_transfer *t = http_spare(h);
	uint64_t now = loop_now(h->loop);

	http_sweep(h);
	t->transfer.most = ask->most;
	t->transfer.guess = ask->guess;
	t->transfer.file = strncasecmp(ask->url, "file:", 5) == 0;
	t->origin = origin_find(&h->origins, ask->url);
	t->two = strncasecmp(ask->url, "https:", 6) == 0 && origin_may_two(t->origin, now);
	t->until = ask->deadline > 0 ? now + ask->deadline : 0;
	t->redirects = 0;
	t->answer = (struct http_answer){ 0 };
	t->done = ask->done;
	t->cookie = ask->cookie;
	http_prepare(t, ask);
	http_link(&h->running, t);
	http_run(t);
	if (!loop_timer_runs(&h->tick))
		loop_after(h->loop, &h->tick, PACE_TICK);
	return t;
}

void
http_cancel(struct http_transfer *t)
{
	pool_stop(t->pool, t->transfer.easy);
	http_reuse(t);
}

void
http_give_back(struct http *h, struct buf *body)
{
	if (h->spaces_n < MAX_SPACES && body->cap > KEEP_BODY && body->cap <= KEEP_SPACE) {
		buf_reset(body);
		h->spaces[h->spaces_n++] = *body;
		*body = (struct buf){ 0 };
	}
	buf_free(body);
}

void
http_trim(struct http *h)
{
	while (h->spaces_n > 0)
		buf_free(&h->spaces[--h->spaces_n]);
}
