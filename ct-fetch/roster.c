/*
 * In: the list and its signature, two objects that may be replaced between
 * our two requests: on a mismatch both are asked for once more. Out: a
 * verified list. Called by follow.c at start and on HUP.
 */
#include "ct-fetch/roster.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/http.h"
#include "os/store.h"

enum {
	LIST_CONNECT = 5000,		/* ms: a machine without internet is told soon */
	MAX_LIST_SIGNATURE = 4096,
	MAX_LIST_WHY = 512,
};

struct roster_part {
	struct roster *roster;
	struct buf name;
	struct buf bytes;
	size_t most;
	struct http_transfer *transfer;
	char why[MAX_WHY];		/* "" when it was had */
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

/* log_list.json -> log_list.sig, also in front of a query. */
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
	struct roster *l = calloc(1, sizeof(*l));

	if (l == NULL)
		die_world("out of memory");
	*l = (struct roster){ .fetch = f, .ask = *ask, .done = done, .cookie = cookie };
	l->json = (struct roster_part){ .roster = l, .most = MAX_LOGLIST };
	l->sig = (struct roster_part){ .roster = l, .most = MAX_LIST_SIGNATURE };
	buf_puts(&l->json.name, ask->where);
	roster_name_signature(&l->sig.name, ask->where);
	return l;
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
roster_free(struct roster *l)
{
	roster_part_free(&l->json);
	roster_part_free(&l->sig);
	if (l->has_loglist)
		loglist_free(&l->loglist);
	free(l);
}

static void
roster_fail(struct roster *l, struct roster_part *p, const char *why)
{
	char text[MAX_LIST_WHY];

	snprintf(text, sizeof(text), "%s: %s", buf_str(&p->name), why);
	l->done(l->cookie, NULL, text);
}

static void
roster_parse(struct roster *l)
{
	const char *why;

	if (l->has_loglist)
		loglist_free(&l->loglist);
	l->has_loglist = true;
	why = loglist_parse(buf_span(&l->json.bytes), l->ask.own ? LOGLIST_ANY_SCHEME : 0,
	    l->fetch->hash, &l->loglist);
	if (why != NULL) {
		roster_fail(l, &l->json, why);
		return;
	}
	for (size_t i = 0; i < l->loglist.skipped_n; i++)
		tell(TELL_DEBUG, "log list: %s left out: %s", l->loglist.skipped[i].name,
		    l->loglist.skipped[i].why);
	l->done(l->cookie, &l->loglist, NULL);
}

static void roster_start(struct roster *l);

/* Both parts have ended, one way or the other. */
static void
roster_judge(struct roster *l)
{
	const char *why = NULL;

	if (l->json.why[0] != '\0') {
		roster_fail(l, &l->json, l->json.why);
		return;
	}
	if (l->ask.key != NULL && l->sig.why[0] != '\0') {
		roster_fail(l, &l->sig, l->sig.why);
		return;
	}
	if (l->ask.key != NULL)
		why = loglist_verify(buf_span(&l->json.bytes), buf_span(&l->sig.bytes),
		    l->ask.key);
	if (why != NULL && !l->again && roster_is_url(l->ask.where)) {
		l->again = true;
		roster_start(l);
	} else if (why != NULL) {
		char text[MAX_WHY];

		snprintf(text, sizeof(text), "its signature does not verify, so it is not used: %s",
		    why);
		roster_fail(l, &l->json, text);
	} else {
		roster_parse(l);
	}
}

static void
roster_part_done(void *cookie, struct http_answer *a)
{
	struct roster_part *p = cookie;
	struct roster *l = p->roster;

	p->transfer = NULL;
	if (a->why[0] != '\0')
		snprintf(p->why, sizeof(p->why), "%s", a->why);
	else if (a->status != 200)
		snprintf(p->why, sizeof(p->why), "HTTP %d", a->status);
	else
		buf_put(&p->bytes, buf_span(&a->body));
	if (l->json.transfer == NULL && l->sig.transfer == NULL)
		roster_judge(l);
}

static void
roster_part_start(struct roster_part *p)
{
	struct roster *l = p->roster;
	struct http_ask ask = {
		.url = buf_str(&p->name), .most = p->most, .connect = LIST_CONNECT, .decode = true,
		.done = roster_part_done, .cookie = p,
	};

	buf_reset(&p->bytes);
	p->why[0] = '\0';
	if (roster_is_url(ask.url))
		p->transfer = http_start(l->fetch->http, &ask);
	else if (store_read(ask.url, p->most, &p->bytes) < 0)
		snprintf(p->why, sizeof(p->why), "%m");
}

static void
roster_start(struct roster *l)
{
	roster_part_start(&l->json);
	if (l->ask.key != NULL)
		roster_part_start(&l->sig);
	if (l->json.transfer == NULL && l->sig.transfer == NULL)
		roster_judge(l);
}

void
roster_get(struct roster *l)
{
	if (l->json.transfer != NULL || l->sig.transfer != NULL)
		return;
	l->again = false;
	roster_start(l);
}
