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
#include <time.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log/protocol.h"
#include "enc/b64.h"
#include "os/out.h"

enum {
	WAIT_EMPTY = 60 * 1000,		/* ms after an empty answer: caches keep it for a minute */
	WAIT_BEHIND = 30 * 1000,	/* ms after a server has said that it is behind the head */
	TELL_WAIT = 120 * 1000,		/* ms of such waits, then people are told */
	MAX_WAIT = 600 * 1000,		/* ms of such waits with --once, then the log is given up */
};

static void page_done(void *cookie, struct http_answer *a);

void
page_init(struct page *p, const struct source *s,
    void (*told)(void *cookie, struct page *p, enum page_news news, const char *why), void *cookie)
{
	*p = (struct page){ .source = s, .told = told, .cookie = cookie };
	ask_init(&p->ask, s->fetch, s->host, page_done, p);
	p->ask.count = &s->count->asks;
}

/* Forgets the answer, but not the range. */
static void
page_drop(struct page *p)
{
	const struct source *s = p->source;

	if (p->own != NULL)
		s->protocol->page_drop(p);
	s->fetch->waiting -= p->body.n;
	buf_free(&p->body);
	p->n = 0;
	p->put = 0;
	p->state = PAGE_WANTED;
}

void
page_free(struct page *p)
{
	if (p->state == PAGE_ASKED)
		p->source->fetch->asked--;
	ask_cancel(&p->ask);
	page_drop(p);
	free(p->own);
}

void
page_set(struct page *p, uint64_t from, uint64_t to, uint64_t size)
{
	p->from = from;
	p->to = to;
	p->size = size;
	p->state = PAGE_WANTED;
	p->not_before = 0;
	p->patient = false;
	p->wait_since = 0;
	p->wait_told = false;
	free(p->own);
	p->own = calloc(1, p->source->protocol->page_bytes);
	if (p->own == NULL)
		die_world("out of memory");
}

void
page_ask(struct page *p, bool next, uint64_t now, uint64_t *again)
{
	const struct source *s = p->source;
	struct fetch *f = s->fetch;
	struct ask_request request;
	struct buf path = { 0 };
	uint64_t end;

	if (p->state != PAGE_WANTED || !out_has_room(f->out) || f->asked == MAX_ASKED)
		return;
	/* What waits can only go out behind the next page, which is therefore always asked for. */
	if (f->waiting > MAX_WAITING && !next)
		return;
	if (now < p->not_before) {
		*again = p->not_before < *again ? p->not_before : *again;
		return;
	}
	end = s->protocol->page_end(s, p->from);
	p->until = end < p->to ? end : p->to;
	s->protocol->page_path(p, &path);
	request = (struct ask_request){
		.base = s->url, .path = buf_str(&path), .class = HOST_PAGE,
		.most = MAX_PAGE,
	};
	if (ask_start(&p->ask, &request, again)) {
		p->state = PAGE_ASKED;
		f->asked++;
	}
	buf_free(&path);
}

static void
page_stamp(struct page *p)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	snprintf(p->seen, sizeof(p->seen), "%lld.%03ld", (long long)t.tv_sec,
	    t.tv_nsec / 1000000);
}

const char *
page_name(const struct page *p, char name[MAX_PAGE_NAME])
{
	snprintf(name, MAX_PAGE_NAME, "%s %llu-%llu", p->source->protocol->what,
	    (unsigned long long)p->from, (unsigned long long)p->until - 1);
	return name;
}

/*
 * Lets the page wait, because the log does not have its entries yet: it is asked for again in ms
 * milliseconds, or earlier when the log's head has grown.
 */
static void
page_wait(struct page *p, unsigned ms)
{
	struct fetch *f = p->source->fetch;
	uint64_t now = loop_now(f->loop);
	char name[MAX_PAGE_NAME];

	p->not_before = now + ms;
	p->patient = true;
	if (p->wait_since == 0)
		p->wait_since = now;
	if (f->once && now - p->wait_since >= MAX_WAIT) {
		p->told(p->cookie, p, PAGE_OVERDUE, "not there, though the head has it");
	} else if (!p->wait_told && now - p->wait_since >= TELL_WAIT) {
		tell(TELL_WARNING, "%s: %s: not there yet, though the head has it; "
		    "asking every %u s", p->source->name, page_name(p, name), ms / 1000);
		p->wait_told = true;
	}
}

static void
page_refused(struct page *p, const struct http_answer *a)
{
	enum protocol_refusal what = p->source->protocol->page_refused(p, a->status);
	char text[MAX_WHY];

	if (what == PROTOCOL_BEHIND) {
		page_wait(p, WAIT_BEHIND);
		p->told(p->cookie, p, PAGE_BEHIND, NULL);
	} else if (what != PROTOCOL_OTHER) {
		p->told(p->cookie, p, what == PROTOCOL_LOST ? PAGE_LOST : PAGE_TROUBLE,
		    ask_why(a, text));
	}
}

/*
 * Takes the answer into the page. Returns NULL when it can be used, else the reason why not. Of an
 * answer that was cut, the entries that came whole are used.
 */
static const char *
page_take(struct page *p, struct http_answer *a)
{
	const struct source *s = p->source;
	const char *why;

	p->body = a->body;
	a->body = (struct buf){ 0 };
	p->cut = a->cut;
	page_stamp(p);
	why = s->protocol->page_take(p);
	s->fetch->waiting += p->body.n;
	if (a->cut && (why != NULL || p->n == 0))
		why = a->why;
	if (why == NULL && a->cut)
		tell(TELL_DEBUG, "%s: %u entries of an answer that was cut: %s", s->name, p->n,
		    a->why);
	return why;
}

static void
page_done(void *cookie, struct http_answer *a)
{
	struct page *p = cookie;
	const char *why;

	p->state = PAGE_WANTED;
	p->source->fetch->asked--;
	if (a->status != 200) {
		page_refused(p, a);
		return;
	}
	why = page_take(p, a);
	if (why != NULL) {
		page_drop(p);
		p->told(p->cookie, p, PAGE_TROUBLE, why);
	} else if (p->n == 0) {
		page_drop(p);
		page_wait(p, WAIT_EMPTY);
		p->told(p->cookie, p, PAGE_EMPTY, NULL);
	} else {
		p->wait_since = 0;
		p->state = PAGE_HELD;
		p->told(p->cookie, p, PAGE_CAME, NULL);
	}
}

/*
 * Returns when the entry with this leaf_input was logged, in ms since 1970: the timestamp, bytes 2
 * to 9 of MerkleTreeLeaf (RFC 6962 3.4). Returns 0 when there is none.
 */
static uint64_t
page_timestamp(struct span leaf_input)
{
	uint8_t front[12];
	uint64_t ms = 0;

	if (leaf_input.n < 16 || b64_take(front, span_of(leaf_input.p, 16)) != sizeof(front))
		return 0;
	for (unsigned i = 2; i < 10; i++)
		ms = ms << 8 | front[i];
	return ms;
}

static void
page_put_entry(struct page *p, uint64_t index, struct buf *out)
{
	const struct source *s = p->source;
	size_t leaf;

	if (p->from + p->put != index)
		die_bug("%s: entry %llu is next, not %llu", s->name, (unsigned long long)index,
		    (unsigned long long)(p->from + p->put));
	buf_put(out, buf_span(&s->record));
	buf_put_u64(out, index);
	buf_puts(out, ",\"seen\":");
	buf_puts(out, p->seen);
	buf_puts(out, ",\"leaf_input\":\"");
	leaf = out->n;
	s->protocol->page_put(p, p->put, out);
	if (p->put + 1 == p->n)
		s->count->reached = page_timestamp(span_from(buf_span(out), leaf));
	buf_puts(out, "}\n");
	s->count->entries++;
	s->fetch->count.entries++;
}

bool
page_put(struct page *p, uint64_t *next)
{
	struct out *out = p->source->fetch->out;

	if (p->state == PAGE_HELD && p->source->protocol->page_is_whole(p))
		p->state = PAGE_READY;
	if (p->state != PAGE_READY)
		return false;
	while (p->put < p->n && out_has_room(out)) {
		page_put_entry(p, *next, &out->bytes);
		p->put++;
		++*next;
		if (!out_has_room(out))
			out_send(out);
	}
	if (p->put < p->n)
		return false;
	p->from += p->n;
	page_drop(p);
	return p->from == p->to;
}
