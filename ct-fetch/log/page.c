/*
 * One range of a log's entries: request, answer and records.
 *
 * in: a range, and answers to requests for it, which the source's protocol reads
 * out: entry records on standard output (ct-entry(5)), in order of index
 *
 * Nothing is asked for while standard output is full or too much waits.
 */
#include "ct-fetch/log/page.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log/protocol.h"
#include "os/lines.h"
#include "os/out.h"
#include "os/wall.h"

enum {
	WAIT_EMPTY = 60 * 1000,		/* ms after an empty answer: caches keep it for a minute */
	WAIT_FIRST = 5 * 1000,		/* ms after a server has said that it is behind the head ... */
	WAIT_BEHIND = 30 * 1000,	/* ... and ms when it says so again */
	HALVE_AFTER = 2,		/* requests without an answer, after which a range is halved */
	MAX_DOUBLINGS = 8,		/* of the pause of 1 s after a failure: 256 s at most */
};

static void page_done(void *cookie, struct http_answer *a);

struct page *
page_open(const struct source *s, uint64_t from, uint64_t to, uint64_t size,
    void (*told)(void *cookie, struct page *p, enum page_news news, const char *why), void *cookie)
{
	struct page *p = calloc(1, sizeof(*p));

	if (p == NULL || (p->own = calloc(1, s->protocol->page_bytes)) == NULL)
		die_world("out of memory");
	p->source = s;
	p->from = from;
	p->until = p->to = to;
	p->size = size;
	p->told = told;
	p->cookie = cookie;
	ask_init(&p->ask, s->fetch, s->host, page_done, p);
	p->ask.count = &s->count->asks;
	return p;
}

/* Forgets the answer, but not the range. */
static void
page_drop(struct page *p)
{
	const struct source *s = p->source;

	s->protocol->page_drop(p);
	if (p->state == PAGE_HELD)
		s->fetch->waiting -= p->body.n;
	http_give_back(s->fetch->http, &p->body);
	free(p->hashes);
	p->hashes = NULL;
	p->n = 0;
	p->put = 0;
	p->odd = NULL;
}

void
page_free(struct page *p)
{
	if (p->state == PAGE_ASKED)
		p->source->fetch->asked--;
	ask_cancel(&p->ask);
	page_drop(p);
	free(p->own);
	free(p);
}

void
page_ask(struct page *p, enum host_class class, bool first, uint64_t now, uint64_t *again)
{
	const struct source *s = p->source;
	struct fetch *f = s->fetch;
	struct ask_request request;
	struct buf path = { 0 };
	uint64_t end;

	if (p->state != PAGE_WANTED || !out_has_room(f->out) || f->asked == MAX_ASKED)
		return;
	/* What waits can only go out behind the first page, which is therefore always asked for. */
	if (f->waiting > MAX_WAITING && !first)
		return;
	if (now < p->not_before) {
		*again = p->not_before < *again ? p->not_before : *again;
		return;
	}
	end = s->protocol->page_end(s, p->from);
	if (p->most > 0 && end > p->from + p->most)
		end = p->from + p->most;
	p->until = end < p->to ? end : p->to;
	s->protocol->page_path(p, &path);
	request = (struct ask_request){
		.base = s->url, .path = buf_str(&path), .class = class,
		.most = MAX_PAGE, .fresh = p->fresh,
	};
	if (ask_start(&p->ask, &request, again)) {
		p->state = PAGE_ASKED;
		f->asked++;
	}
	buf_free(&path);
}

const char *
page_name(const struct page *p, char name[MAX_PAGE_NAME])
{
	snprintf(name, MAX_PAGE_NAME, "%s %llu-%llu", p->source->protocol->what,
	    (unsigned long long)p->from, (unsigned long long)p->until - 1);
	return name;
}

/* Notes that a request brought nothing, and lets the page wait for ms milliseconds. */
static void
page_wait(struct page *p, uint64_t ms, const char *why)
{
	uint64_t now = loop_now(p->source->fetch->loop);

	if (p->since == 0)
		p->since = now;
	p->failures++;
	p->not_before = now + ms;
	p->patient = false;
	snprintf(p->why, sizeof(p->why), "%s", why);
}

static uint64_t
page_backoff(const struct page *p, unsigned n)
{
	return hosts_backoff(p->source->fetch->hosts, n, MAX_DOUBLINGS);
}

/*
 * The log does not take this request. A range of several entries is halved, with a short pause; a
 * single one is tried again later and later. Unless the log is sure that it is the request that
 * displeases it, the same range is tried once more first.
 */
static void
page_halve(struct page *p, enum page_news news, bool sure, const char *why)
{
	uint64_t n = p->until - p->from;
	bool halves = n > 1 && p->source->protocol->halves &&
	    (sure || p->most > 0 || p->failures > 0);

	if (halves)
		for (p->most = 1; p->most * 2 < n;)
			p->most *= 2;
	page_wait(p, page_backoff(p, halves ? 1 : p->failures + 1), why);
	if (halves) {
		p->failures = 0;
		p->since = 0;	/* a smaller range is given its own time */
	}
	p->told(p->cookie, p, news, why);
}

static void
page_trouble(struct page *p, enum page_news news, const char *why)
{
	page_wait(p, page_backoff(p, p->failures + 1), why);
	p->told(p->cookie, p, news, why);
}

/* The log does not have the entries yet: they are asked for again later, or when its head grows. */
static void
page_pause(struct page *p, enum page_news news, unsigned ms)
{
	page_wait(p, ms, news == PAGE_EMPTY ? "the answer has no entries" :
	    "the server is behind the tree head");
	p->patient = true;
	p->told(p->cookie, p, news, NULL);
}

/* A status other than 200, or none. */
static void
page_refused(struct page *p, const struct http_answer *a)
{
	char text[MAX_WHY];

	ask_why(a, text);
	/* Some servers break off or stay silent when a range is more than they can bear. */
	if (a->too_long || (a->status == 0 && p->failures >= HALVE_AFTER)) {
		page_halve(p, PAGE_UNHEARD, true, text);
		return;
	}
	if (a->status == 0 || a->status == 429 || a->status == 503) {
		page_trouble(p, PAGE_UNHEARD, text);
		return;
	}
	switch (p->source->protocol->page_refused(p, a->status)) {
	case PROTOCOL_BEHIND:
		page_pause(p, PAGE_BEHIND, p->failures == 0 ? WAIT_FIRST : WAIT_BEHIND);
		break;
	case PROTOCOL_LOST:
		page_trouble(p, PAGE_LOST, text);
		break;
	case PROTOCOL_REFUSED:
		page_halve(p, a->status >= 500 ? PAGE_UNHEARD : PAGE_REFUSED, a->status < 500, text);
		break;
	case PROTOCOL_OTHER:
		break;
	}
}

static void
page_came(struct page *p, struct http_answer *a)
{
	const struct source *s = p->source;
	const char *why;

	p->body = a->body;
	a->body = (struct buf){ 0 };
	p->cut = a->cut;
	why = s->protocol->page_take(p);
	if (a->cut && (why != NULL || p->n == 0))
		why = a->why;
	if (why != NULL) {
		page_drop(p);
		page_halve(p, a->cut ? PAGE_UNHEARD : PAGE_REFUSED, false, why);
	} else if (p->n == 0) {
		page_drop(p);
		page_pause(p, PAGE_EMPTY, WAIT_EMPTY);
	} else {
		p->seen = wall_now();
		s->fetch->waiting += p->body.n;
		p->state = PAGE_HELD;
		p->since = 0;
		p->failures = 0;
		p->told(p->cookie, p, PAGE_CAME, NULL);
	}
}

static void
page_done(void *cookie, struct http_answer *a)
{
	struct page *p = cookie;

	p->state = PAGE_WANTED;
	p->source->fetch->asked--;
	if (a->status == 200)
		page_came(p, a);
	else
		page_refused(p, a);
}

void
page_shorten(struct page *p, uint64_t index)
{
	p->n = (unsigned)(index - p->from);
	p->to = index;
}

/*
 * Ends a record that would be longer than a line may be, and be lost to its readers, without its
 * extra_data, for which nothing vouches. leaf is where in out the value of leaf_input begins.
 */
static void
page_cut_extra(const struct page *p, struct buf *out, size_t leaf)
{
	const uint8_t *end = memchr(out->p + leaf, '"', out->n - leaf);

	out->n = (size_t)(end - out->p);
	buf_puts(out, "\",\"extra_data\":\"\"");
	tell(TELL_WARNING, "%s: entry %llu: its extra_data is too long for a record and left out",
	    p->source->name, (unsigned long long)p->from + p->put);
}

static void
page_put_entry(struct page *p, struct buf *out)
{
	const struct source *s = p->source;
	size_t begin = out->n, leaf;

	buf_put(out, buf_span(&s->record));
	buf_put_u64(out, p->from + p->put);
	buf_puts(out, ",\"seen\":");
	wall_put(out, p->seen);
	buf_puts(out, ",\"leaf_input\":\"");
	leaf = out->n;
	s->protocol->page_put(p, p->put, out);
	if (out->n - begin + 1 > MAX_LINE)
		page_cut_extra(p, out, leaf);
	if (p->put + 1 == p->n)
		s->count->reached = s->protocol->page_time(p, p->put);
	buf_puts(out, "}\n");
	s->count->entries++;
	s->fetch->count.entries++;
}

bool
page_put(struct page *p, uint64_t limit, uint64_t skip)
{
	struct out *out = p->source->fetch->out;

	if (p->put == 0 && !p->source->protocol->page_is_whole(p))
		return false;
	while (p->put < p->n && p->from + p->put < limit && out_has_room(out)) {
		if (p->from + p->put >= skip)
			page_put_entry(p, &out->bytes);
		p->put++;
		if (!out_has_room(out))
			out_send(out);
	}
	return p->put == p->n;
}
