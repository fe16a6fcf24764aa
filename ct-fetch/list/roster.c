/*
 * Getting one log list.
 *
 * in: the list and its signature, two files that may be replaced between our two requests; when
 * they do not fit, both are got again, twice at most
 * out: a verified list, or the reason why there is none
 */
#include "ct-fetch/list/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "base/die.h"
#include "ct-fetch/net/ask.h"
#include "ct-fetch/net/retry.h"
#include "ct/loglist_key.h"
#include "os/store.h"

enum {
	MAX_CONNECT = 5000,		/* ms: a machine without internet is told soon */
	DEADLINE = 120 * 1000,		/* ms for the whole list */
	MAX_SIGNATURE = 4096,
	MAX_REASON = 512,
	MAX_TRIES = 3,			/* until a signature that does not fit is believed to be wrong */
	PAUSE = 700,			/* ms before the second try; twice that before the third */
};

struct roster_part {
	struct roster *roster;
	struct buf name;
	struct buf bytes;
	size_t most;
	struct http_transfer *transfer;
	bool unless;			/* it was asked for only if it has another etag */
	struct stat seen;		/* of a file, before it was read */
	char why[MAX_WHY];		/* why it could not be had, or "" */
};

struct roster {
	struct fetch *fetch;
	struct roster_ask ask;
	struct roster_part json, sig;
	unsigned tries;
	struct loop_timer pause;
	struct loglist *list;		/* the one that came last, until it is taken; or NULL */
	uint8_t id[HASH_SHA256];	/* of the JSON that came last */
	uint8_t taken[HASH_SHA256];	/* of the JSON taken last */
	bool has_taken;
	char etag[MAX_ETAG];		/* of the JSON that came last */
	char taken_etag[MAX_ETAG];	/* of the JSON taken last */
	uint64_t pause_ms;		/* what the server wants before it is asked again */
	void (*done)(void *cookie, enum roster_news, const char *why);
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

static void roster_start(void *cookie);

struct roster *
roster_open(struct fetch *f, const struct roster_ask *ask,
    void (*done)(void *cookie, enum roster_news, const char *why), void *cookie)
{
	struct roster *r = calloc(1, sizeof(*r));

	if (r == NULL)
		die_world("out of memory");
	*r = (struct roster){ .fetch = f, .ask = *ask, .done = done, .cookie = cookie };
	r->pause = (struct loop_timer){ .due = roster_start, .cookie = r };
	r->json = (struct roster_part){ .roster = r, .most = MAX_LOGLIST };
	r->sig = (struct roster_part){ .roster = r, .most = MAX_SIGNATURE };
	buf_puts(&r->json.name, ask->where);
	roster_name_signature(&r->sig.name, ask->where);
	return r;
}

static void
roster_drop_list(struct roster *r)
{
	if (r->list != NULL)
		loglist_free(r->list);
	free(r->list);
	r->list = NULL;
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
	loop_stop_timer(r->fetch->loop, &r->pause);
	roster_part_free(&r->json);
	roster_part_free(&r->sig);
	roster_drop_list(r);
	sig_key_free(r->ask.key);
	free(r);
}

static void
roster_fail(struct roster *r, enum roster_news news, struct roster_part *p, const char *why)
{
	char text[MAX_REASON];

	snprintf(text, sizeof(text), "%s: %s", buf_str(&p->name), why);
	r->done(r->cookie, news, text);
}

/* ---- what has come ---- */

static const char *
roster_verify(const struct roster *r)
{
	if (r->ask.key == NULL)
		return NULL;
	return loglist_verify(buf_span(&r->json.bytes), buf_span(&r->sig.bytes), r->ask.key);
}

/* Reads the JSON that has come. Returns NULL with r->list set; or the reason, and says in text where. */
static const char *
roster_parse(struct roster *r, char text[MAX_WHY])
{
	const char *why;

	roster_drop_list(r);
	r->list = calloc(1, sizeof(*r->list));
	if (r->list == NULL)
		die_world("out of memory");
	why = loglist_parse(buf_span(&r->json.bytes), r->ask.own ? LOGLIST_ANY_SCHEME : 0,
	    r->fetch->hash, r->list);
	if (why == loglist_not_json)
		snprintf(text, MAX_WHY, "%s behind byte %zu", why, r->list->broken_at);
	else if (why != NULL)
		snprintf(text, MAX_WHY, "%s", why);
	if (why != NULL)
		roster_drop_list(r);
	return why;
}

static void
roster_judge(struct roster *r)
{
	const char *why = roster_verify(r);
	char text[MAX_WHY];

	if (why != NULL && ++r->tries < MAX_TRIES) {
		loop_after(r->fetch->loop, &r->pause, PAUSE * r->tries);
		return;
	}
	if (!loglist_may_be(buf_span(&r->json.bytes))) {
		roster_fail(r, ROSTER_FAILED, &r->json, loglist_not_json);
		return;
	}
	if (why != NULL) {
		snprintf(text, sizeof(text), "its signature does not verify, so it is not used: %s",
		    why);
		roster_fail(r, ROSTER_FORGED, &r->json, text);
		return;
	}
	hash_sha256(r->fetch->hash, buf_span(&r->json.bytes), r->id);
	if (r->has_taken && memcmp(r->id, r->taken, sizeof(r->id)) == 0) {
		memcpy(r->taken_etag, r->etag, sizeof(r->etag));
		r->done(r->cookie, ROSTER_SAME, NULL);
		return;
	}
	why = roster_parse(r, text);
	if (why != NULL)
		roster_fail(r, ROSTER_FAILED, &r->json, text);
	else
		r->done(r->cookie, ROSTER_NEW, NULL);
}

static void roster_part_start(struct roster_part *p, const char *unless);

/* Goes on when a part has come or failed: first the list, then its signature. */
static void
roster_go_on(struct roster *r, struct roster_part *p)
{
	if (p->why[0] != '\0')
		roster_fail(r, ROSTER_FAILED, p, p->why);
	else if (p == &r->json && r->ask.key != NULL)
		roster_part_start(&r->sig, NULL);
	else
		roster_judge(r);
}

static void
roster_part_done(void *cookie, struct http_answer *a)
{
	struct roster_part *p = cookie;
	struct roster *r = p->roster;

	p->transfer = NULL;
	r->pause_ms = a->status == 200 || a->status == 304 ? 0 : retry_after(a->retry_after, time(NULL));
	if (a->why[0] == '\0' && a->status == 304 && p->unless) {
		if (r->has_taken)
			r->done(r->cookie, ROSTER_SAME, NULL);
		else
			roster_start(r);	/* it has been forgotten since */
		return;
	}
	if (a->why[0] != '\0' || a->status != 200)
		(void)ask_why(a, p->why);
	else
		buf_put(&p->bytes, buf_span(&a->body));
	if (p == &r->json)
		memcpy(r->etag, a->etag, sizeof(r->etag));
	roster_go_on(r, p);
}

/* ---- asking ---- */

static void
roster_part_start(struct roster_part *p, const char *unless)
{
	struct roster *r = p->roster;
	struct http_ask ask = {
		.url = buf_str(&p->name), .most = p->most, .connect = MAX_CONNECT,
		.deadline = DEADLINE, .unless = unless, .done = roster_part_done, .cookie = p,
		.guess = p == &r->json,		/* a signature may begin with any bytes */
	};

	buf_reset(&p->bytes);
	p->unless = unless != NULL;
	p->why[0] = '\0';
	if (roster_is_url(ask.url)) {
		p->transfer = http_start(r->fetch->http, &ask);
		return;
	}
	p->seen = (struct stat){ 0 };
	if (stat(ask.url, &p->seen) < 0 || store_read(ask.url, p->most, &p->bytes) < 0)
		snprintf(p->why, sizeof(p->why), "%m");
	roster_go_on(r, p);
}

static void
roster_start(void *cookie)
{
	struct roster *r = cookie;
	bool unless = r->has_taken && r->tries == 0 && r->taken_etag[0] != '\0';

	roster_part_start(&r->json, unless ? r->taken_etag : NULL);
}

void
roster_get(struct roster *r)
{
	if (r->json.transfer != NULL || r->sig.transfer != NULL || loop_timer_runs(&r->pause))
		return;
	r->tries = 0;
	roster_start(r);
}

void
roster_forget(struct roster *r)
{
	r->has_taken = false;
}

static bool
roster_part_is_changed(struct roster_part *p)
{
	struct stat now = { 0 };

	/* A file that is gone differs from one that was there. */
	(void)stat(buf_str(&p->name), &now);
	return now.st_mtim.tv_sec != p->seen.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != p->seen.st_mtim.tv_nsec || now.st_size != p->seen.st_size ||
	    now.st_ino != p->seen.st_ino;
}

bool
roster_is_changed(struct roster *r)
{
	if (roster_is_url(r->ask.where))
		return false;
	return roster_part_is_changed(&r->json) ||
	    (r->ask.key != NULL && roster_part_is_changed(&r->sig));
}

/* ---- the list that came ---- */

const char *
roster_restore(struct roster *r, const struct copy *c)
{
	const char *why;
	char text[MAX_WHY];

	buf_reset(&r->json.bytes);
	buf_reset(&r->sig.bytes);
	buf_put(&r->json.bytes, c->json);
	buf_put(&r->sig.bytes, c->sig);
	r->etag[0] = '\0';
	hash_sha256(r->fetch->hash, c->json, r->id);
	why = roster_verify(r);
	return why != NULL ? why : roster_parse(r, text);
}

uint64_t
roster_pause(const struct roster *r)
{
	return r->pause_ms;
}

struct loglist *
roster_list(const struct roster *r)
{
	return r->list;
}

void
roster_bytes(const struct roster *r, struct copy *c)
{
	c->json = buf_span(&r->json.bytes);
	c->sig = buf_span(&r->sig.bytes);
}

struct loglist *
roster_take(struct roster *r)
{
	struct loglist *list = r->list;

	r->list = NULL;
	memcpy(r->taken, r->id, sizeof(r->id));
	memcpy(r->taken_etag, r->etag, sizeof(r->etag));
	r->has_taken = true;
	return list;
}
