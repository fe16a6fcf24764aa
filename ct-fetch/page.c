/*
 * In: ranges from log.c and answers to them. Out: entry records, in order.
 * No range is asked for while standard output is full or too much waits.
 */
#include "ct-fetch/page.h"

#include <stdio.h>
#include <time.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/log.h"
#include "os/out.h"
#include "ct-fetch/protocol.h"

enum {
	NOT_YET = 60 * 1000,	/* ms after an empty answer: caches keep it for a minute */
	TELL_WAIT = 120 * 1000,	/* ms of such answers, then it is told */
	MAX_WAIT = 600 * 1000,	/* with --once: then the log is given up */
};

static void page_done(void *cookie, struct http_answer *a);

void
page_init(struct page *p, struct log *l)
{
	*p = (struct page){ .log = l };
	ask_init(&p->request, l->fetch, l->host, page_done, p);
}

/* Forgets the answer, not the range. */
static void
page_drop(struct page *p)
{
	struct log *l = p->log;

	l->protocol->page_drop(p);
	l->fetch->waiting -= p->body.n;
	buf_free(&p->body);
	p->n = 0;
	p->put = 0;
	p->state = PAGE_WANTED;
}

void
page_free(struct page *p)
{
	if (p->state == PAGE_ASKED)
		p->log->fetch->asked--;
	ask_cancel(&p->request);
	page_drop(p);
}

void
page_set(struct page *p, uint64_t from, uint64_t to)
{
	p->from = from;
	p->to = to;
	p->size = p->log->head.size;
	p->state = PAGE_WANTED;
	p->not_before = 0;
	p->patient = false;
	p->wait_since = 0;
	p->wait_told = false;
	p->full_tile = false;
}

void
page_ask(struct page *p, uint64_t now, uint64_t *again)
{
	struct log *l = p->log;
	struct fetch *f = l->fetch;
	struct buf path = { 0 };
	uint64_t end;

	if (p->state != PAGE_WANTED || !out_has_room(f->out) || f->asked == MAX_ASKED)
		return;
	/* What waits for this very page would wait for ever. */
	if (f->waiting > MAX_WAITING && p->from != l->next)
		return;
	if (now < p->not_before) {
		*again = p->not_before < *again ? p->not_before : *again;
		return;
	}
	end = l->protocol->page_end(l, p->from);
	p->until = end < p->to ? end : p->to;
	l->protocol->page_path(p, &path);
	if (ask_start(&p->request, l->url, buf_str(&path), MAX_PAGE, l->protocol->decode,
	    again)) {
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

/* What was asked for, for people. */
static const char *
page_name(const struct page *p, char name[MAX_PAGE_NAME])
{
	snprintf(name, MAX_PAGE_NAME, "%s %llu-%llu", p->log->protocol->what,
	    (unsigned long long)p->from, (unsigned long long)p->until - 1);
	return name;
}

void
page_wait(struct page *p, unsigned ms)
{
	struct log *l = p->log;
	uint64_t now = loop_now(l->fetch->loop);
	char name[MAX_PAGE_NAME];

	p->not_before = now + ms;
	p->patient = true;
	if (p->wait_since == 0)
		p->wait_since = now;
	if (l->fetch->once && now - p->wait_since >= MAX_WAIT) {
		log_give_up(l, page_name(p, name), "not there, though the head has it");
	} else if (!p->wait_told && now - p->wait_since >= TELL_WAIT) {
		tell(TELL_WARNING, "%s: %s: not there yet, though the head has it; "
		    "asking every %u s", l->name, page_name(p, name), ms / 1000);
		p->wait_told = true;
	}
}

static void
page_trouble(struct page *p, const char *why)
{
	char name[MAX_PAGE_NAME];

	log_trouble(p->log, page_name(p, name), why);
}

/* NULL, or why the answer is of no use. A cut one may be of some. */
static const char *
page_take(struct page *p, struct http_answer *a)
{
	struct log *l = p->log;
	const char *why;

	p->body = a->body;
	a->body = (struct buf){ 0 };
	p->cut = a->cut;
	page_stamp(p);
	why = l->protocol->page_take(p);
	l->fetch->waiting += p->body.n;
	if (a->cut && (why != NULL || p->n == 0))
		why = a->why;
	if (why == NULL && a->cut)
		tell(TELL_DEBUG, "%s: %u entries of an answer that was cut: %s", l->name, p->n,
		    a->why);
	return why;
}

static void
page_done(void *cookie, struct http_answer *a)
{
	struct page *p = cookie;
	struct log *l = p->log;
	const char *why;
	char text[MAX_WHY];

	p->state = PAGE_WANTED;
	l->fetch->asked--;
	if (a->status != 200) {
		if (!l->protocol->page_refused(p, a->status))
			page_trouble(p, ask_why(a, text));
		return;
	}
	why = page_take(p, a);
	if (why != NULL) {
		page_drop(p);
		page_trouble(p, why);
	} else if (p->n == 0) {
		page_drop(p);
		page_wait(p, NOT_YET);
	} else {
		log_success(l);
		p->wait_since = 0;
		if (p->from + p->n == p->until && l->depth < LOG_DEPTH)
			l->depth++;
		p->state = PAGE_HELD;
	}
}

static void
page_put_entry(struct page *p, struct buf *out)
{
	struct log *l = p->log;

	if (p->from + p->put != l->next)
		die_bug("%s: entry %llu is next, not %llu", l->name, (unsigned long long)l->next,
		    (unsigned long long)(p->from + p->put));
	buf_put(out, buf_span(&l->source));
	buf_put_u64(out, l->next);
	buf_puts(out, ",\"seen\":");
	buf_puts(out, p->seen);
	buf_puts(out, ",\"leaf_input\":\"");
	l->protocol->page_put(p, p->put, out);
	buf_puts(out, "\"}\n");
	p->put++;
	l->next++;
	l->entries++;
	l->fetch->count.entries++;
}

bool
page_put(struct page *p)
{
	struct out *out = p->log->fetch->out;

	if (p->state == PAGE_HELD && p->log->protocol->page_is_whole(p))
		p->state = PAGE_READY;
	if (p->state != PAGE_READY)
		return false;
	while (p->put < p->n && out_has_room(out)) {
		page_put_entry(p, &out->bytes);
		if (!out_has_room(out))
			out_send(out);
	}
	if (p->put < p->n)
		return false;
	p->from += p->n;
	page_drop(p);
	return p->from == p->to;
}
