/*
 * Following one log: its tree heads, and what is owed up to the largest of them.
 *
 * in: answers to requests for heads, and news of the pages
 * out: requests for heads; ranges for the pages, which put their entries out in order
 */
#include "ct-fetch/log/log.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-fetch/net/host.h"
#include "ct-fetch/log/protocol.h"

enum {
	POLL_LOCAL = 1000,		/* ms between heads of a log on this machine */
	POLL_IDLE = 60 * 1000,		/* ms between heads of a log that does not grow */
	POLL_BEHIND = 30 * 1000,	/* ms between heads while much more is owed than was asked for */
	MAX_DOUBLINGS = 8,		/* of the pause of 1 s after trouble: 256 s at most */
	FIRST_TRIES = 5,		/* requests for the first head with --once, in about 15 s */
	MORE_TRIES = 12,		/* failures in a row later, in more than 20 minutes */
};

static void log_head_done(void *cookie, struct http_answer *a);

static void log_page_told(void *cookie, struct page *p, enum page_news news, const char *why);

struct log *
log_open(struct fetch *f, const struct log_identity *who, const char **why)
{
	struct log *l = calloc(1, sizeof(*l));

	if (l == NULL)
		die_world("out of memory");
	*why = source_init(&l->source, f, &who->source);
	if (*why != NULL) {
		free(l);
		return NULL;
	}
	l->fetch = f;
	l->probing = who->source.protocol == NULL;
	l->given = who->given;
	l->final_size = who->final_size;
	l->end = f->end < who->final_size ? f->end : who->final_size;
	l->depth = 1;
	ask_init(&l->head_ask, f, l->source.host, log_head_done, l);
	l->head_ask.count = &l->source.count->asks;
	for (unsigned i = 0; i < LOG_DEPTH; i++)
		page_init(&l->pages[i], &l->source, log_page_told, l);
	return l;
}

void
log_free(struct log *l)
{
	ask_cancel(&l->head_ask);
	for (unsigned i = 0; i < LOG_DEPTH; i++)
		page_free(&l->pages[i]);
	source_free(&l->source);
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
log_mark(const struct log *l, struct mark_log *out)
{
	if (!l->placed)
		return false;
	*out = (struct mark_log){ .name = l->source.name, .next = l->next };
	memcpy(out->id, l->source.id, HASH_SHA256);
	return true;
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

/* Ends the log for this run, which with --once must come to an end. */
static void
log_give_up(struct log *l, const char *what, const char *why)
{
	if (l->failed)
		return;
	tell(TELL_ERROR, "%s: %s: %s; given up", l->source.name, what, why);
	l->failed = true;
	ask_cancel(&l->head_ask);
}

/*
 * Notes that a request brought nothing of use: tells it, not each time, and leaves the log alone
 * for a while.
 */
static void
log_trouble(struct log *l, const char *what, const char *why)
{
	struct fetch *f = l->fetch;
	uint64_t now = loop_now(f->loop), wait, pause = host_pause(l->source.host, now);
	bool known = now < l->not_before;	/* another request has met it already */
	bool due = trouble_take(&l->trouble, now, what, why);
	char age[MAX_TROUBLE_AGE];

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
	tell(due ? TELL_WARNING : TELL_DEBUG, "%s: %s: %s%s; again in %.1f s", l->source.name, what,
	    why, trouble_age(&l->trouble, now, age), (double)(l->not_before - now) / 1000);
}

static void
log_success(struct log *l)
{
	if (trouble_end(&l->trouble))
		tell(TELL_INFO, "%s: answers again", l->source.name);
	l->failures = 0;
}

/* ---- heads ---- */

static unsigned
log_poll_busy(const struct log *l)
{
	if (l->fetch->poll > 0)
		return l->fetch->poll;
	return host_is_local(l->source.host) ? POLL_LOCAL : l->source.protocol->poll;
}

/*
 * Asks a log that stands still half as often each time, and one that grows at its full rate
 * again.
 */
static void
log_set_poll(struct log *l)
{
	unsigned busy = log_poll_busy(l), wait;

	if (!l->still || l->poll < busy)
		l->poll = busy;
	else if (l->fetch->poll == 0 && !host_is_local(l->source.host))
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
	source_settle(&l->source);
	if (!l->placed)
		log_place(l, h->size);
	if (l->fetch->once && h->size < l->end)
		l->end = h->size;
	tell(TELL_DEBUG, "%s: %s, %llu entries, from %llu on", l->source.name, l->source.protocol->name,
	    (unsigned long long)h->size, (unsigned long long)l->next);
}

/*
 * Takes a head after the first. The servers of one log may be at different heads, so a smaller
 * one is not trouble. Two roots for one size mean that the log is forked.
 */
static void
log_next_head(struct log *l, const struct head *h)
{
	l->still = h->size <= l->head.size;
	if (h->size == l->head.size && memcmp(h->root, l->head.root, TREE_HASH) != 0) {
		l->errors++;
		tell(TELL_ERROR, "%s: two signed tree heads of size %llu have different roots",
		    l->source.name, (unsigned long long)h->size);
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
		log_give_up(l, l->source.protocol->head_path, why);
	else
		log_trouble(l, l->source.protocol->head_path, why);
}

/* Guesses the other protocol; when both were wrong, that is trouble, and it begins anew. */
static void
log_probe(struct log *l, const char *why)
{
	bool last = l->source.protocol == &protocol_rfc6962;

	l->source.protocol = last ? &protocol_tiled : &protocol_rfc6962;
	l->head_due = 0;
	if (last)
		log_trouble(l, "neither a checkpoint nor get-sth", why);
}

/*
 * Notes that the log has reached the head that was its goal, and makes this one the next. The
 * newest head would not do: in a log that grows all the time it is never reached.
 */
static void
log_set_goal(struct log *l, uint64_t size)
{
	if (l->placed && l->next < l->goal)
		return;
	l->whole_at = l->goal_came;
	l->goal = size;
	l->goal_came = l->head_came;
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
		got = l->source.protocol->head_take(&l->source, buf_span(&a->body), &h, &why);
	else
		why = ask_why(a, text);
	if (got == PROTOCOL_HEAD_FORGED) {
		log_forged(l, why);
	} else if (got == PROTOCOL_HEAD_NONE && l->probing && a->status != 0 &&
	    a->status != 429 && a->status < 500) {
		log_probe(l, why);
	} else if (got == PROTOCOL_HEAD_NONE) {
		log_trouble(l, l->source.protocol->head_path, why);
	} else {
		log_success(l);
		l->head_came = loop_now(l->fetch->loop);
		log_set_goal(l, h.size);
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
	struct ask_request request = {
		.base = l->source.url, .path = l->source.protocol->head_path, .class = HOST_HEAD,
		.most = l->source.protocol->most_head,
		.deadline = ASK_SMALL,
	};
	uint64_t again = HOST_NEVER;

	if (l->head_ask.transfer != NULL)
		return again;
	if (now < l->head_due)
		return l->head_due;
	(void)ask_start(&l->head_ask, &request, &again);
	return again;
}

/* ---- pages ---- */

static void
log_page_told(void *cookie, struct page *p, enum page_news news, const char *why)
{
	struct log *l = cookie;
	char name[MAX_PAGE_NAME];

	switch (news) {
	case PAGE_CAME:
		log_success(l);
		if (p->from + p->n == p->until && l->depth < LOG_DEPTH)
			l->depth++;
		break;
	case PAGE_EMPTY:
		break;
	case PAGE_BEHIND:
		l->head_due = p->not_before;
		break;
	case PAGE_LOST:
		p->size = l->head.size;
		l->head_due = 0;
		/* fallthrough */
	case PAGE_TROUBLE:
		log_trouble(l, page_name(p, name), why);
		break;
	case PAGE_OVERDUE:
		log_give_up(l, page_name(p, name), why);
		break;
	}
}

/*
 * Returns true when the incomplete page at the end of the tree may be asked for: when the log
 * stands still, or after a while. Asking for it costs one request more than waiting until it is
 * full. When only time is missing, *again becomes the earlier of what it was and that time.
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

/* Finds the end of the next range that no page covers. Returns false when there is none yet. */
static bool
log_next_range(struct log *l, uint64_t now, uint64_t *to, uint64_t *again)
{
	uint64_t size = l->head.size, limit = size < l->end ? size : l->end;

	if (l->asked >= limit)
		return false;
	*to = l->source.protocol->page_end(&l->source, l->asked);
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

		page_set(p, l->asked, to, l->head.size);
		l->asked = to;
		l->count++;
		l->tail_since = 0;
	}
	for (unsigned i = 0; i < l->count; i++) {
		struct page *p = &l->pages[(l->first + i) % LOG_DEPTH];

		page_ask(p, p->from == l->next, now, &again);
	}
	return again;
}

static void
log_put_pages(struct log *l)
{
	while (l->count > 0 && page_put(&l->pages[l->first], &l->next)) {
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
