/*
 * The reading end of a bus in NATS, as bus/subscriber.h describes it. In: messages that the reader's
 * thread has put into its queue (bus/nats/nats_reader.h). Out: calls of the owner, in the loop.
 */
#include "bus/nats/nats_subscriber.h"

#include <stdlib.h>

#include "base/die.h"
#include "bus/nats/nats_engine.h"
#include "bus/nats/nats_parts.h"
#include "bus/nats/nats_reader.h"
#include "ct/record.h"

enum { NATS_TURN = 512 };	/* messages handed out before the loop looks at other things */

struct nats_subscriber {
	struct subscriber base;		/* first */
	struct nats_reader reader;
	const struct subscriber_calls *calls;
	void (*caught)(void *cookie);
	void *cookie;
	enum subscriber_state state;	/* that the owner knows */
	bool paused;
	struct nats_parts *parts;
	struct bus_place next;		/* of the next new record */
	uint64_t from;			/* the first older record that the owner is given */
	bool planned, begun;		/* next is set; latest was called */
	struct buf latest;		/* lines of the newest events */
	unsigned count;			/* of them */
};

static struct nats_subscriber *
nats_subscriber_of(struct subscriber *s)
{
	return (struct nats_subscriber *)s;
}

/* Returns how many of the latest events the owner wants. */
static unsigned
nats_latest_most(const struct nats_subscriber *s)
{
	return s->reader.start.count != 0 ? s->reader.start.count : NATS_LATEST;
}

/* Leaves the newest `most` lines. */
static void
nats_latest_cut(struct nats_subscriber *s, unsigned most)
{
	struct span rest = buf_span(&s->latest), line;

	for (; s->count > most && span_line(&rest, &line); s->count--)
		;
	buf_drop(&s->latest, s->latest.n - rest.n);
}

static void
nats_latest_put(struct nats_subscriber *s, struct span line)
{
	buf_put(&s->latest, line);
	buf_putc(&s->latest, '\n');
	if (++s->count >= 2 * nats_latest_most(s) + 8)
		nats_latest_cut(s, nats_latest_most(s));
}

/* All older records have come: hands out the latest events. */
static void
nats_subscriber_begin(struct nats_subscriber *s)
{
	if (s->begun || !s->planned)
		return;
	s->begun = true;
	if (!s->reader.start.status)
		nats_latest_cut(s, nats_latest_most(s));
	s->calls->latest(s->cookie, s->next, buf_span(&s->latest));
	buf_free(&s->latest);
}

static void
nats_subscriber_plan(struct nats_subscriber *s, const struct nats_item *item)
{
	s->next = item->place;
	s->from = item->from;
	s->planned = true;
	if (item->count > 0)
		s->calls->missed(s->cookie, item->count);
	if (nats_starts_since(&s->reader.start))
		nats_subscriber_begin(s);
}

/* Returns the line of a message: its own, the whole of which it is the last part, or an empty one. */
static struct span
nats_subscriber_line(struct nats_subscriber *s, struct nats_message *m, bool counts)
{
	const struct nats_address *a = &s->reader.address;
	const char *subject = nats_message_subject(m);
	struct span line = SPAN(""), rest = span_str(subject);
	enum nats_parted parted;

	if (!span_starts(rest, span_str(a->prefix)) ||
	    !span_starts(span_from(rest, strlen(a->prefix)), SPAN(".part.")))
		return nats_message_body(m);
	parted = nats_parts_take(s->parts, nats_message_header(m, NATS_RECORD),
	    nats_message_header(m, NATS_PART), nats_message_body(m), counts, loop_clock(), &line);
	if (parted == NATS_PART_BROKEN && counts)
		s->calls->missed(s->cookie, 1);
	return parted == NATS_PART_WHOLE ? line : SPAN("");
}

static void
nats_subscriber_old(struct nats_subscriber *s, struct bus_place place, struct span line)
{
	if (s->calls->old != NULL && !nats_starts_since(&s->reader.start) && place.seq >= s->from)
		s->calls->old(s->cookie, place, line);
	if (!s->reader.start.status && !s->begun && record_kind(line) == RECORD_EVENT)
		nats_latest_put(s, line);
}

static void
nats_subscriber_message(struct nats_subscriber *s, const struct nats_item *item)
{
	bool live = item->place.seq >= s->next.seq;
	struct span line = nats_subscriber_line(s, item->message, live);

	if (memchr(line.p, '\n', line.n) != NULL)
		line = SPAN("");	/* not of ct-hub: no record has an LF */
	if (!live) {
		nats_subscriber_old(s, item->place, line);
		return;
	}
	if (item->place.seq > s->next.seq)
		s->calls->missed(s->cookie, item->place.seq - s->next.seq);
	s->next.seq = item->place.seq + 1;
	s->calls->line(s->cookie, item->place, line);
}

static void
nats_subscriber_item(struct nats_subscriber *s, struct nats_item *item)
{
	unsigned lost;

	switch (item->kind) {
	case NATS_PLAN:
		nats_subscriber_plan(s, item);
		break;
	case NATS_LOST:
		s->calls->missed(s->cookie, item->count);
		break;
	case NATS_STATUS:
		nats_latest_put(s, nats_message_body(item->message));
		break;
	case NATS_MESSAGE:
		nats_subscriber_message(s, item);
		break;
	case NATS_BEGUN:
		nats_subscriber_begin(s);
		break;
	case NATS_CAUGHT:
		lost = nats_parts_expire(s->parts, loop_clock());
		if (lost > 0)
			s->calls->missed(s->cookie, lost);
		if (s->caught != NULL)
			s->caught(s->cookie);
		break;
	}
	nats_message_free(item->message);
}

static void
nats_subscriber_become(struct nats_subscriber *s)
{
	enum subscriber_state state;

	nats_thread_lock(&s->reader.thread);
	state = s->reader.state;
	nats_thread_unlock(&s->reader.thread);
	if (state == s->state)
		return;
	s->state = state;
	if (s->calls->state != NULL)
		s->calls->state(s->cookie, state);
}

/* By the loop, when the queue or the state has changed. */
static void
nats_subscriber_called(void *cookie)
{
	struct nats_subscriber *s = cookie;
	struct nats_item item;
	unsigned i;

	nats_subscriber_become(s);
	for (i = 0; i < NATS_TURN && !s->paused && nats_reader_take(&s->reader, &item); i++)
		nats_subscriber_item(s, &item);
	if (i > 0)
		s->calls->turn(s->cookie);
	nats_thread_lock(&s->reader.thread);
	if (i == NATS_TURN && !s->paused)
		nats_thread_call(&s->reader.thread);
	nats_thread_unlock(&s->reader.thread);
}

static void
nats_subscriber_pause(struct subscriber *base, bool paused)
{
	struct nats_subscriber *s = nats_subscriber_of(base);

	s->paused = paused;
	nats_thread_lock(&s->reader.thread);
	s->reader.heard_at = loop_clock();
	if (!paused)
		nats_thread_call(&s->reader.thread);
	nats_thread_unlock(&s->reader.thread);
}

/* When neither the loop nor the thread use it any more. */
static void
nats_subscriber_freed(void *cookie)
{
	struct nats_subscriber *s = cookie;

	nats_reader_free(&s->reader);
	nats_parts_free(s->parts);
	buf_free(&s->latest);
	free(s);
}

static void
nats_subscriber_free(struct subscriber *base)
{
	nats_thread_close(&nats_subscriber_of(base)->reader.thread);
}

void
nats_subscriber_watch(struct subscriber *base, void (*caught)(void *cookie))
{
	nats_subscriber_of(base)->caught = caught;
}

struct subscriber *
nats_subscriber_open(struct loop *loop, const char *address, const struct subscriber_start *start,
    const struct subscriber_calls *calls, void *cookie, const char **why)
{
	struct nats_subscriber *s = calloc(1, sizeof(*s));
	const char *wrong;

	if (s == NULL)
		die_world("out of memory for the bus");
	s->base = (struct subscriber){ .free = nats_subscriber_free, .pause = nats_subscriber_pause };
	s->calls = calls;
	s->cookie = cookie;
	s->parts = nats_parts_open();
	s->reader.start = *start;
	s->reader.older = calls->old != NULL;
	s->reader.thread.called = nats_subscriber_called;
	s->reader.thread.freed = nats_subscriber_freed;
	s->reader.thread.cookie = s;
	wrong = nats_reader_open(&s->reader, loop, address);
	if (wrong == NULL)
		return &s->base;
	*why = wrong;
	nats_parts_free(s->parts);
	free(s);
	return NULL;
}
