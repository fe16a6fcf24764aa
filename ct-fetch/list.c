/*
 * In: the list and its signature, two objects that may be replaced between
 * our two requests: on a mismatch both are asked for once more. Out: a
 * verified list. Called by follow.c at start and on HUP.
 */
#include "ct-fetch/list.h"

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

struct list_part {
	struct list *list;
	struct buf name;
	struct buf bytes;
	size_t most;
	struct http_transfer *transfer;
	char why[MAX_WHY];		/* "" when it was had */
};

struct list {
	struct fetch *fetch;
	struct list_ask ask;
	struct list_part json, sig;
	bool again;			/* this is the second try */
	struct loglist loglist;
	bool has_loglist;
	void (*done)(void *cookie, const struct loglist *, const char *why);
	void *cookie;
};

static bool
list_is_url(const char *where)
{
	return strstr(where, "://") != NULL;
}

/* log_list.json -> log_list.sig, also in front of a query. */
static void
list_name_signature(struct buf *b, const char *where)
{
	const char *query = list_is_url(where) ? strchr(where, '?') : NULL;
	size_t n = query != NULL ? (size_t)(query - where) : strlen(where);
	size_t stem = n > 5 && memcmp(where + n - 5, ".json", 5) == 0 ? n - 5 : n;

	buf_put(b, span_of(where, stem));
	buf_puts(b, ".sig");
	buf_puts(b, where + n);
}

struct list *
list_open(struct fetch *f, const struct list_ask *ask,
    void (*done)(void *cookie, const struct loglist *, const char *why), void *cookie)
{
	struct list *l = calloc(1, sizeof(*l));

	if (l == NULL)
		die_world("out of memory");
	*l = (struct list){ .fetch = f, .ask = *ask, .done = done, .cookie = cookie };
	l->json = (struct list_part){ .list = l, .most = MAX_LOGLIST };
	l->sig = (struct list_part){ .list = l, .most = MAX_LIST_SIGNATURE };
	buf_puts(&l->json.name, ask->where);
	list_name_signature(&l->sig.name, ask->where);
	return l;
}

static void
list_part_free(struct list_part *p)
{
	if (p->transfer != NULL)
		http_cancel(p->transfer);
	buf_free(&p->name);
	buf_free(&p->bytes);
}

void
list_free(struct list *l)
{
	list_part_free(&l->json);
	list_part_free(&l->sig);
	if (l->has_loglist)
		loglist_free(&l->loglist);
	free(l);
}

static void
list_fail(struct list *l, struct list_part *p, const char *why)
{
	char text[MAX_LIST_WHY];

	snprintf(text, sizeof(text), "%s: %s", buf_str(&p->name), why);
	l->done(l->cookie, NULL, text);
}

static void
list_parse(struct list *l)
{
	const char *why;

	if (l->has_loglist)
		loglist_free(&l->loglist);
	l->has_loglist = true;
	why = loglist_parse(buf_span(&l->json.bytes), l->ask.own ? LOGLIST_ANY_SCHEME : 0,
	    l->fetch->hash, &l->loglist);
	if (why != NULL) {
		list_fail(l, &l->json, why);
		return;
	}
	for (size_t i = 0; i < l->loglist.skipped_n; i++)
		tell(TELL_DEBUG, "log list: %s left out: %s", l->loglist.skipped[i].name,
		    l->loglist.skipped[i].why);
	l->done(l->cookie, &l->loglist, NULL);
}

static void list_start(struct list *l);

/* Both parts have ended, one way or the other. */
static void
list_judge(struct list *l)
{
	const char *why = NULL;

	if (l->json.why[0] != '\0') {
		list_fail(l, &l->json, l->json.why);
		return;
	}
	if (l->ask.key != NULL && l->sig.why[0] != '\0') {
		list_fail(l, &l->sig, l->sig.why);
		return;
	}
	if (l->ask.key != NULL)
		why = loglist_verify(buf_span(&l->json.bytes), buf_span(&l->sig.bytes),
		    l->ask.key);
	if (why != NULL && !l->again && list_is_url(l->ask.where)) {
		l->again = true;
		list_start(l);
	} else if (why != NULL) {
		char text[MAX_WHY];

		snprintf(text, sizeof(text), "its signature does not verify, so it is not used: %s",
		    why);
		list_fail(l, &l->json, text);
	} else {
		list_parse(l);
	}
}

static void
list_part_done(void *cookie, struct http_answer *a)
{
	struct list_part *p = cookie;
	struct list *l = p->list;

	p->transfer = NULL;
	if (a->why[0] != '\0')
		snprintf(p->why, sizeof(p->why), "%s", a->why);
	else if (a->status != 200)
		snprintf(p->why, sizeof(p->why), "HTTP %d", a->status);
	else
		buf_put(&p->bytes, buf_span(&a->body));
	if (l->json.transfer == NULL && l->sig.transfer == NULL)
		list_judge(l);
}

static void
list_part_start(struct list_part *p)
{
	struct list *l = p->list;
	struct http_ask ask = {
		.url = buf_str(&p->name), .most = p->most, .connect = LIST_CONNECT, .decode = true,
		.done = list_part_done, .cookie = p,
	};

	buf_reset(&p->bytes);
	p->why[0] = '\0';
	if (list_is_url(ask.url))
		p->transfer = http_start(l->fetch->http, &ask);
	else if (store_read(ask.url, p->most, &p->bytes) < 0)
		snprintf(p->why, sizeof(p->why), "%m");
}

static void
list_start(struct list *l)
{
	list_part_start(&l->json);
	if (l->ask.key != NULL)
		list_part_start(&l->sig);
	if (l->json.transfer == NULL && l->sig.transfer == NULL)
		list_judge(l);
}

void
list_get(struct list *l)
{
	if (l->json.transfer != NULL || l->sig.transfer != NULL)
		return;
	l->again = false;
	list_start(l);
}
