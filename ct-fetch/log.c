/*
 * In: tree heads of one log. Out: what is owed up to the head, page by page
 * (page.c), in order of index. Called by follow.c at each turn.
 */
#include "ct-fetch/log.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/host.h"
#include "ct-fetch/protocol.h"
#include "enc/b64.h"
#include "enc/json_put.h"

enum {
	POLL_LOCAL = 1000,		/* ms between heads of a log on this machine */
	POLL_IDLE = 60 * 1000,		/* of one that does not grow */
	POLL_BEHIND = 30 * 1000,	/* while far more is owed than was asked for */
	TELL_AGAIN = 300 * 1000,	/* ms until trouble of the same log is told again */
	MAX_DOUBLINGS = 8,		/* of the pause after trouble: 256 s */
	FIRST_TRIES = 5,		/* with --once: for the first head, about 15 s */
	MORE_TRIES = 12,		/* then: more than 20 minutes */
};

static char *
log_copy(const char *text)
{
	char *copy = strdup(text);

	if (copy == NULL)
		die_world("out of memory");
	return copy;
}

/* With one slash at the end, so that paths can be put behind it. */
static char *
log_copy_url(const char *url)
{
	struct buf b = { 0 };
	size_t n = strlen(url);
	char *copy;

	while (n > 0 && url[n - 1] == '/')
		n--;
	buf_put(&b, span_of(url, n));
	buf_putc(&b, '/');
	copy = log_copy(buf_str(&b));
	buf_free(&b);
	return copy;
}

static void log_head_done(void *cookie, struct http_answer *a);

struct log *
log_open(struct fetch *f, const struct log_identity *who, const char **why)
{
	struct log *l = calloc(1, sizeof(*l));

	if (l == NULL)
		die_world("out of memory");
	*why = sig_key_parse(who->key, &l->key);
	if (*why != NULL) {
		free(l);
		return NULL;
	}
	l->fetch = f;
	hash_sha256(f->hash, who->key, l->id);
	l->name = log_copy(who->name);
	l->operator = log_copy(who->operator);
	l->url = log_copy_url(who->url);
	l->probing = who->protocol == NULL;
	l->protocol = l->probing ? &protocol_tiled : who->protocol;
	l->given = who->given;
	l->host = host_find(f->hosts, l->url);
	l->final_size = who->final_size;
	l->end = f->end < who->final_size ? f->end : who->final_size;
	l->depth = 1;
	ask_init(&l->head_request, f, l->host, log_head_done, l);
	for (unsigned i = 0; i < LOG_DEPTH; i++)
		page_init(&l->pages[i], l);
	return l;
}

void
log_free(struct log *l)
{
	ask_cancel(&l->head_request);
	for (unsigned i = 0; i < LOG_DEPTH; i++)
		page_free(&l->pages[i]);
	sig_key_free(l->key);
	buf_free(&l->source);
	free(l->name);
	free(l->operator);
	free(l->url);
	free(l);
}

void
log_place(struct log *l, uint64_t next)
{
	l->placed = true;
	l->next = next;
	l->asked = next;
}

bool
log_is_done(const struct log *l)
{
	return l->failed || (l->placed && l->next >= l->end);
}

uint64_t
log_lag(const struct log *l)
{
	uint64_t to = l->head.size < l->end ? l->head.size : l->end;

	return l->has_head && l->placed && to > l->next ? to - l->next : 0;
}

void
log_give_up(struct log *l, const char *what, const char *why)
{
	if (l->failed)
		return;
	tell(TELL_ERROR, "%s: %s: %s; given up", l->name, what, why);
	l->failed = true;
	ask_cancel(&l->head_request);
}

void
log_trouble(struct log *l, const char *what, const char *why)
{
	struct fetch *f = l->fetch;
	uint64_t now = loop_now(f->loop), wait, pause = host_pause(l->host, now);
	bool known = now < l->not_before;	/* another request has met it already */

	l->errors++;
	l->failures += !known;
	if (f->once && l->failures >= (l->has_head ? MORE_TRIES : FIRST_TRIES)) {
		log_give_up(l, what, why);
		return;
	}
	if (!known) {
		wait = hosts_backoff(f->hosts, l->failures, MAX_DOUBLINGS);
		l->not_before = now + (pause > wait ? pause : wait);
	}
	known = known || l->failures > 1 || (l->told > 0 && now - l->told < TELL_AGAIN);
	tell(known ? TELL_DEBUG : TELL_WARNING, "%s: %s: %s; again in %.1f s", l->name, what, why,
	    (double)(l->not_before - now) / 1000);
	if (known)
		return;
	l->told = now;
	l->is_told = true;
}

void
log_success(struct log *l)
{
	if (l->failures > 0 && l->is_told)
		tell(TELL_INFO, "%s: answers again", l->name);
	l->failures = 0;
	l->is_told = false;
}

/* ---- heads ---- */

/* An entry record up to its index: the same for all entries of the log. */
static void
log_put_source(struct log *l)
{
	struct buf *b = &l->source;

	buf_puts(b, "{\"message_type\":\"entry\",\"source\":{\"log_id\":\"");
	b64_put(b, span_of(l->id, sizeof(l->id)));
	buf_puts(b, "\",\"name\":");
	json_put_str(b, l->name);
	buf_puts(b, ",\"operator\":");
	json_put_str(b, l->operator);
	buf_puts(b, ",\"url\":");
	json_put_str(b, l->url);
	buf_putf(b, ",\"type\":\"%s\"},\"index\":", l->protocol->name);
}

static unsigned
log_poll_busy(const struct log *l)
{
	if (l->fetch->poll > 0)
		return l->fetch->poll;
	return host_is_local(l->host) ? POLL_LOCAL : l->protocol->poll;
}

/* A log that stands still is asked half as often each time, one that grows at once again. */
static void
log_set_poll(struct log *l)
{
	unsigned busy = log_poll_busy(l), wait;

	if (!l->still || l->poll < busy)
		l->poll = busy;
	else if (l->fetch->poll == 0 && !host_is_local(l->host))
		l->poll = l->poll * 2 < POLL_IDLE ? l->poll * 2 : POLL_IDLE;
	wait = l->poll;
	if (log_lag(l) > (uint64_t)LOG_DEPTH * 1024 && wait < POLL_BEHIND)
		wait = POLL_BEHIND;
	l->head_due = l->fetch->once ? HOST_NEVER : loop_now(l->fetch->loop) + wait;
}

static void
log_first_head(struct log *l, const struct head *h)
{
	l->has_head = true;
	l->probing = false;
	l->head = *h;
	log_put_source(l);
	if (!l->placed)
		log_place(l, h->size);
	if (l->fetch->once && h->size < l->end)
		l->end = h->size;
	tell(TELL_DEBUG, "%s: %s, %llu entries, from %llu on", l->name, l->protocol->name,
	    (unsigned long long)h->size, (unsigned long long)l->next);
}

/*
 * The servers of one log may know different heads, so a smaller one is no
 * trouble and no progress. Two roots for one size are a forked log.
 */
static void
log_next_head(struct log *l, const struct head *h)
{
	l->still = h->size <= l->head.size;
	if (h->size == l->head.size && memcmp(h->root, l->head.root, TREE_HASH) != 0) {
		l->errors++;
		tell(TELL_ERROR, "%s: two signed tree heads of size %llu have different roots",
		    l->name, (unsigned long long)h->size);
	}
	if (l->still)
		return;
	l->head = *h;
	for (unsigned i = 0; i < LOG_DEPTH; i++)
		if (l->pages[i].patient)
			l->pages[i].not_before = 0;
}

static void
log_forged(struct log *l, const char *why)
{
	if (l->given && !l->has_head)
		log_give_up(l, l->protocol->head_path, why);
	else
		log_trouble(l, l->protocol->head_path, why);
}

/* The guess was wrong: the other protocol is asked for, then the first again. */
static void
log_probe(struct log *l, const char *why)
{
	bool last = l->protocol == &protocol_rfc6962;

	l->protocol = last ? &protocol_tiled : &protocol_rfc6962;
	l->head_due = 0;
	if (last)
		log_trouble(l, "neither a checkpoint nor get-sth", why);
}

static void
log_head_done(void *cookie, struct http_answer *a)
{
	struct log *l = cookie;
	enum protocol_head got = PROTOCOL_HEAD_NONE;
	const char *why;
	struct head h;
	char text[MAX_WHY];

	if (a->status == 200 && !a->cut)
		got = l->protocol->head_take(l, buf_span(&a->body), &h, &why);
	else
		why = ask_why(a, text);
	if (got == PROTOCOL_HEAD_FORGED) {
		log_forged(l, why);
	} else if (got == PROTOCOL_HEAD_NONE && l->probing && a->status != 0 &&
	    a->status != 429 && a->status < 500) {
		log_probe(l, why);
	} else if (got == PROTOCOL_HEAD_NONE) {
		log_trouble(l, l->protocol->head_path, why);
	} else {
		log_success(l);
		if (l->has_head)
			log_next_head(l, &h);
		else
			log_first_head(l, &h);
		log_set_poll(l);
	}
}

static uint64_t
log_turn_head(struct log *l, uint64_t now)
{
	uint64_t again = HOST_NEVER;

	if (l->head_request.transfer != NULL)
		return again;
	if (now < l->head_due)
		return l->head_due;
	(void)ask_start(&l->head_request, l->url, l->protocol->head_path,
	    l->protocol->most_head, true, &again);
	return again;
}

/* ---- pages ---- */

/*
 * May the incomplete page at the end of the tree be asked for? Its entries
 * would be asked for again with the rest of the page, or come in two requests
 * instead of one: so only when the log stands still, or after a while.
 */
static bool
log_wants_tail(struct log *l, uint64_t now, uint64_t *again)
{
	uint64_t due;

	if (l->fetch->once || l->still)
		return true;
	if (l->tail_since == 0)
		l->tail_since = now;
	due = l->tail_since + log_poll_busy(l);
	if (now < due && due < *again)
		*again = due;
	return now >= due;
}

/* The next range that no page covers. */
static bool
log_next_range(struct log *l, uint64_t now, uint64_t *to, uint64_t *again)
{
	uint64_t size = l->head.size, limit = size < l->end ? size : l->end;

	if (l->asked >= limit)
		return false;
	*to = l->protocol->page_end(l, l->asked);
	if (*to > size && limit == size && !log_wants_tail(l, now, again))
		return false;
	if (*to > limit)
		*to = limit;
	return true;
}

static uint64_t
log_turn_pages(struct log *l, uint64_t now)
{
	uint64_t again = HOST_NEVER, to;

	while (l->count < l->depth && log_next_range(l, now, &to, &again)) {
		struct page *p = &l->pages[(l->first + l->count) % LOG_DEPTH];

		page_set(p, l->asked, to);
		l->asked = to;
		l->count++;
		l->tail_since = 0;
	}
	for (unsigned i = 0; i < l->count; i++)
		page_ask(&l->pages[(l->first + i) % LOG_DEPTH], now, &again);
	return again;
}

static void
log_put_pages(struct log *l)
{
	while (l->count > 0 && page_put(&l->pages[l->first])) {
		l->first = (l->first + 1) % LOG_DEPTH;
		l->count--;
	}
}

uint64_t
log_turn(struct log *l)
{
	struct fetch *f = l->fetch;
	uint64_t now = loop_now(f->loop), head, pages = HOST_NEVER;

	if (f->stopping)
		return HOST_NEVER;
	log_put_pages(l);
	if (log_is_done(l))
		return HOST_NEVER;
	if (now < l->not_before)
		return l->not_before;
	head = log_turn_head(l, now);
	if (l->has_head)
		pages = log_turn_pages(l, now);
	return head < pages ? head : pages;
}
