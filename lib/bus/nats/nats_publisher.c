/*
 * The writing end of a bus in NATS, as bus/publisher.h describes it. In: lines of ct-hub. Out: records
 * in the window of the sender (bus/nats/nats_sender.h), whose thread brings them to the server.
 */
#include "bus/nats/nats_engine.h"

#include <stdlib.h>

#include "base/die.h"
#include "bus/nats/nats_sender.h"

enum { NATS_IDLE_MS = 30000 };	/* a cluster that stores nothing for so long is given up at the end */

struct nats_publisher {
	struct publisher base;		/* first */
	struct nats_sender sender;
	struct nats_draft draft;
	struct loop *loop;
	const struct publisher_calls *calls;
	void *cookie;
	uint64_t first;			/* what the owner calls record 0 of the window */
	uint64_t told;			/* what calls->left said last */
};

static struct nats_publisher *
nats_publisher_of(const struct publisher *p)
{
	return (struct nats_publisher *)(uintptr_t)p;
}

/* Under the lock. */
static bool
nats_publisher_has_room(const struct nats_publisher *p)
{
	const struct nats_window *w = &p->sender.window;

	return w->bytes < MAX_NATS_WINDOW && w->end - w->base < MAX_NATS_FLYING;
}

static bool
nats_publisher_takes(struct publisher *base)
{
	struct nats_publisher *p = nats_publisher_of(base);
	bool takes;

	nats_thread_lock(&p->sender.thread);
	takes = nats_publisher_has_room(p);
	p->sender.blocked = !takes;
	nats_thread_unlock(&p->sender.thread);
	return takes;
}

/* By the loop, when the sender has got on. */
static void
nats_publisher_called(void *cookie)
{
	struct nats_publisher *p = cookie;
	struct nats_sender *s = &p->sender;
	bool takes, left;
	uint64_t base;

	nats_thread_lock(&s->thread);
	takes = s->blocked && nats_publisher_has_room(p);
	base = p->first + s->window.base;
	left = s->watched > 0 && (base > p->told || base >= s->watched);
	if (takes)
		s->blocked = false;
	if (base >= s->watched)
		s->watched = 0;
	nats_thread_unlock(&s->thread);
	p->told = base;
	if (left)
		p->calls->left(p->cookie, base);
	if (takes)
		p->calls->takes(p->cookie);
}

static uint8_t *
nats_publisher_space(struct publisher *base, size_t *room)
{
	struct nats_publisher *p = nats_publisher_of(base);
	uint8_t *space;

	nats_thread_lock(&p->sender.thread);
	space = nats_draft_space(&p->draft, PUBLISHER_SPACE, room);
	nats_thread_unlock(&p->sender.thread);
	return space;
}

static void
nats_publisher_fill(struct publisher *base, size_t n)
{
	nats_publisher_of(base)->draft.chunk->n += n;
}

static struct span
nats_publisher_draft(struct publisher *base)
{
	return nats_draft_span(&nats_publisher_of(base)->draft);
}

static void
nats_publisher_discard(struct publisher *base, size_t n)
{
	nats_publisher_of(base)->draft.from += n;
}

/* Puts the lines, which lie in chunk, into the window. */
static void
nats_publisher_hand(struct nats_publisher *p, struct nats_chunk *chunk, struct span lines)
{
	struct nats_sender *s = &p->sender;
	struct span line;

	nats_thread_lock(&s->thread);
	while (span_line(&lines, &line))
		nats_window_put(&s->window, chunk, line);
	nats_thread_wake(&s->thread);
	nats_thread_unlock(&s->thread);
}

static void
nats_publisher_publish(struct publisher *base, struct publisher_lines lines)
{
	struct nats_publisher *p = nats_publisher_of(base);

	nats_publisher_hand(p, p->draft.chunk, span_of(nats_draft_span(&p->draft).p, lines.n));
	p->draft.from += lines.n;
}

static void
nats_publisher_put(struct publisher *base, const uint8_t *bytes, struct publisher_lines lines)
{
	struct nats_publisher *p = nats_publisher_of(base);
	struct nats_chunk *chunk = nats_chunk_open(lines.n);

	memcpy(chunk->bytes, bytes, lines.n);
	chunk->n = lines.n;
	nats_publisher_hand(p, chunk, span_of(chunk->bytes, lines.n));
	nats_thread_lock(&p->sender.thread);
	nats_chunk_leave(chunk);
	nats_thread_unlock(&p->sender.thread);
}

static struct bus_place
nats_publisher_next(const struct publisher *base)
{
	struct nats_publisher *p = nats_publisher_of(base);
	struct bus_place next = { 0, p->first };

	nats_thread_lock(&p->sender.thread);
	next.seq += p->sender.window.end;
	nats_thread_unlock(&p->sender.thread);
	return next;
}

static void
nats_publisher_watch(struct publisher *base, uint64_t seq)
{
	struct nats_publisher *p = nats_publisher_of(base);

	nats_thread_lock(&p->sender.thread);
	p->sender.watched = seq;
	nats_thread_call(&p->sender.thread);
	nats_thread_unlock(&p->sender.thread);
}

static uint64_t
nats_publisher_linger(struct publisher *base, unsigned ms)
{
	struct nats_publisher *p = nats_publisher_of(base);
	struct nats_sender *s = &p->sender;
	uint64_t now = loop_clock(), until = now + ms, idle = now + NATS_IDLE_MS, seen, left;

	nats_thread_lock(&s->thread);
	s->lingers = true;
	for (seen = s->window.base; seen < s->window.end && now < until && now < idle; now = loop_clock()) {
		nats_thread_wait(&s->thread, (unsigned)((until < idle ? until : idle) - now));
		if (s->window.base > seen)
			idle = loop_clock() + NATS_IDLE_MS;
		seen = s->window.base;
	}
	s->lingers = false;
	left = p->first + s->window.base;
	nats_thread_unlock(&s->thread);
	return left;
}

static struct publisher_stats
nats_publisher_stats(const struct publisher *base)
{
	struct nats_publisher *p = nats_publisher_of(base);
	struct publisher_stats stats = { .readers = 0 };

	nats_thread_lock(&p->sender.thread);
	stats.behind = p->sender.window.bytes;
	stats.messages = p->sender.messages;
	stats.repeated = p->sender.repeated;
	nats_thread_unlock(&p->sender.thread);
	return stats;
}

/* When neither the loop nor the thread use it any more. */
static void
nats_publisher_freed(void *cookie)
{
	struct nats_publisher *p = cookie;

	nats_sender_free(&p->sender);
	nats_chunk_leave(p->draft.chunk);
	free(p);
}

static void
nats_publisher_free(struct publisher *base)
{
	nats_thread_close(&nats_publisher_of(base)->sender.thread);
}

static const struct publisher nats_publisher_functions = {
	.free = nats_publisher_free,
	.takes = nats_publisher_takes,
	.space = nats_publisher_space,
	.fill = nats_publisher_fill,
	.draft = nats_publisher_draft,
	.discard = nats_publisher_discard,
	.publish = nats_publisher_publish,
	.put = nats_publisher_put,
	.next = nats_publisher_next,
	.watch = nats_publisher_watch,
	.linger = nats_publisher_linger,
	.stats = nats_publisher_stats,
};

struct publisher *
nats_publisher_open(struct loop *loop, const char *address, const struct publisher_options *options,
    const struct publisher_calls *calls, void *cookie, const char **why)
{
	struct nats_publisher *p;
	const char *wrong;

	if (options->ingest) {
		*why = "nats:// takes no pushed lines; every ct-hub publishes by itself";
		return NULL;
	}
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		die_world("out of memory for the bus");
	p->base = nats_publisher_functions;
	p->loop = loop;
	p->calls = calls;
	p->cookie = cookie;
	p->first = p->told = options->first.seq;
	p->sender.thread.called = nats_publisher_called;
	p->sender.thread.freed = nats_publisher_freed;
	p->sender.thread.cookie = p;
	wrong = nats_sender_open(&p->sender, loop, address);
	if (wrong == NULL)
		return &p->base;
	*why = wrong;
	free(p);
	return NULL;
}
