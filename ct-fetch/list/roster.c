/*
 * Getting the log list.
 *
 * in: the list and its signature, two files that may be replaced between our two requests; when
 * they do not fit, both are asked for once more
 * out: a verified list, or the reason why there is none
 */
#include "ct-fetch/list/roster.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/net/http.h"
#include "os/store.h"

enum {
	MAX_CONNECT = 5000,		/* ms: a machine without internet is told soon */
	MAX_SIGNATURE = 4096,
	MAX_REASON = 512,
};

struct roster_part {
	struct roster *roster;
	struct buf name;
	struct buf bytes;
	size_t most;
	struct http_transfer *transfer;
	char why[MAX_WHY];		/* why it could not be had, or "" */
};

struct roster {
	struct fetch *fetch;
	struct roster_ask ask;
	struct roster_part json, sig;
	bool again;			/* this is the second try */
	struct loglist loglist;
	bool has_loglist;
	void (*done)(void *cookie, const struct loglist *, const char *why);
	void *cookie;
};

static bool
roster_is_url(const char *where)
{
	return strstr(where, "://") != NULL;
}

/* Appends where with .sig in place of .json, also when a query follows. */
static void
roster_name_signature(struct buf *b, const char *where)
{
	const char *query = roster_is_url(where) ? strchr(where, '?') : NULL;
	size_t n = query != NULL ? (size_t)(query - where) : strlen(where);
	size_t stem = n > 5 && memcmp(where + n - 5, ".json", 5) == 0 ? n - 5 : n;

	buf_put(b, span_of(where, stem));
	buf_puts(b, ".sig");
	buf_puts(b, where + n);
}

struct roster *
roster_open(struct fetch *f, const struct roster_ask *ask,
    void (*done)(void *cookie, const struct loglist *, const char *why), void *cookie)
{
	struct roster *r = calloc(1, sizeof(*r));

	if (r == NULL)
		die_world("out of memory");
	*r = (struct roster){ .fetch = f, .ask = *ask, .done = done, .cookie = cookie };
	r->json = (struct roster_part){ .roster = r, .most = MAX_LOGLIST };
	r->sig = (struct roster_part){ .roster = r, .most = MAX_SIGNATURE };
	buf_puts(&r->json.name, ask->where);
	roster_name_signature(&r->sig.name, ask->where);
	return r;
}

static void
roster_part_free(struct roster_part *p)
{
	if (p->transfer != NULL)
		http_cancel(p->transfer);
	buf_free(&p->name);
	buf_free(&p->bytes);
}

void
roster_free(struct roster *r)
{
	roster_part_free(&r->json);
	roster_part_free(&r->sig);
	if (r->has_loglist)
		loglist_free(&r->loglist);
	free(r);
}

static void
roster_fail(struct roster *r, struct roster_part *p, const char *why)
{
	char text[MAX_REASON];

	snprintf(text, sizeof(text), "%s: %s", buf_str(&p->name), why);
	r->done(r->cookie, NULL, text);
}

static void
roster_parse(struct roster *r)
{
	const char *why;

	if (r->has_loglist)
		loglist_free(&r->loglist);
	r->has_loglist = true;
	why = loglist_parse(buf_span(&r->json.bytes), r->ask.own ? LOGLIST_ANY_SCHEME : 0,
	    r->fetch->hash, &r->loglist);
	if (why != NULL) {
		roster_fail(r, &r->json, why);
		return;
	}
	for (size_t i = 0; i < r->loglist.skipped_n; i++)
		tell(TELL_DEBUG, "log list: %s left out: %s", r->loglist.skipped[i].name,
		    r->loglist.skipped[i].why);
	r->done(r->cookie, &r->loglist, NULL);
}

static void roster_start(struct roster *r);

/* Decides what becomes of the list, now that both parts have come or failed. */
static void
roster_judge(struct roster *r)
{
	const char *why = NULL;

	if (r->json.why[0] != '\0') {
		roster_fail(r, &r->json, r->json.why);
		return;
	}
	if (r->ask.key != NULL && r->sig.why[0] != '\0') {
		roster_fail(r, &r->sig, r->sig.why);
		return;
	}
	if (r->ask.key != NULL)
		why = loglist_verify(buf_span(&r->json.bytes), buf_span(&r->sig.bytes),
		    r->ask.key);
	if (why != NULL && !r->again && roster_is_url(r->ask.where)) {
		r->again = true;
		roster_start(r);
	} else if (why != NULL) {
		char text[MAX_WHY];

		snprintf(text, sizeof(text), "its signature does not verify, so it is not used: %s",
		    why);
		roster_fail(r, &r->json, text);
	} else {
		roster_parse(r);
	}
}

static void
roster_part_done(void *cookie, struct http_answer *a)
{
	struct roster_part *p = cookie;
	struct roster *r = p->roster;

	p->transfer = NULL;
	if (a->why[0] != '\0')
		snprintf(p->why, sizeof(p->why), "%s", a->why);
	else if (a->status != 200)
		snprintf(p->why, sizeof(p->why), "HTTP %d", a->status);
	else
		buf_put(&p->bytes, buf_span(&a->body));
	if (r->json.transfer == NULL && r->sig.transfer == NULL)
		roster_judge(r);
}

static void
roster_part_start(struct roster_part *p)
{
	struct roster *r = p->roster;
	struct http_ask ask = {
		.url = buf_str(&p->name), .most = p->most, .connect = MAX_CONNECT,
		.done = roster_part_done, .cookie = p,
	};

	buf_reset(&p->bytes);
	p->why[0] = '\0';
	if (roster_is_url(ask.url))
		p->transfer = http_start(r->fetch->http, &ask);
	else if (store_read(ask.url, p->most, &p->bytes) < 0)
		snprintf(p->why, sizeof(p->why), "%m");
}

static void
roster_start(struct roster *r)
{
	roster_part_start(&r->json);
	if (r->ask.key != NULL)
		roster_part_start(&r->sig);
	if (r->json.transfer == NULL && r->sig.transfer == NULL)
		roster_judge(r);
}

void
roster_get(struct roster *r)
{
	if (r->json.transfer != NULL || r->sig.transfer != NULL)
		return;
	r->again = false;
	roster_start(r);
}
