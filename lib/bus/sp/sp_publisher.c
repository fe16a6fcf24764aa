/*
 * Publishes on ipc:// and tcp://. In: lines, and connections. Out: messages for each reader. Any
 * library for SP can read them: see ct-bus(5).
 *
 * What is published leaves in the next turn of the loop, so that all the messages of one turn
 * leave with one write for each reader.
 */
#include "bus/sp/sp_publisher.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"

enum {
	SP_QUIET_MS = 5000,	/* a hub that has published nothing for so long says where it is */
	SP_STILL_MS = 2000,	/* marks do not wait for a reader that takes nothing for so long */
	SP_LINGER_LOOK_MS = 20,	/* at the end: between two looks at what has left, at most */
	SP_LINGER_WATCHED = 64,	/* at the end: sockets that are looked at as soon as they take more */
	SP_READER_READ = 1 << 10,	/* bytes: readers send nothing but their greeting */
	SP_READER_MOST = 1 << 10,
};

static struct sp_publisher *
sp_publisher_of(struct publisher *p)
{
	return (struct sp_publisher *)p;
}

/* ---- readers ---- */

static void
sp_publisher_trim(struct sp_publisher *p)
{
	uint64_t least = p->journal.end;

	for (struct sp_reader *r = p->readers; r != NULL; r = r->next_reader)
		if (r->open && r->next < least)
			least = r->next;
	sp_journal_trim(&p->journal, least);
}

uint64_t
sp_publisher_left(const struct sp_publisher *p)
{
	uint64_t left = p->journal.next.seq, now = loop_clock();

	for (struct sp_reader *r = p->readers; r != NULL; r = r->next_reader) {
		if (!r->open || r->slow || r->next == p->journal.end || now - r->moved >= SP_STILL_MS)
			continue;
		if (sp_journal_at(&p->journal, r->next)->seq < left)
			left = sp_journal_at(&p->journal, r->next)->seq;
	}
	return left;
}

static void
sp_publisher_look_left(struct sp_publisher *p)
{
	uint64_t left;

	if (p->watched == 0 || (left = sp_publisher_left(p)) < p->watched)
		return;
	p->watched = 0;
	p->calls->left(p->cookie, left);
}

/* Sends to one reader, lets it lose what it cannot have, and forgets what nobody needs. */
static void
sp_publisher_send(struct sp_publisher *p, struct sp_reader *r)
{
	sp_journal_close(&p->journal);
	sp_reader_send(r, &p->journal, loop_now(p->loop));
	p->dropped += sp_reader_skip(r, &p->journal, p->options.backlog);
}

static void
sp_publisher_flush(void *cookie)
{
	struct sp_publisher *p = cookie;

	p->turn = 0;
	for (struct sp_reader *r = p->readers; r != NULL; r = r->next_reader)
		sp_publisher_send(p, r);
	sp_publisher_trim(p);
	sp_publisher_look_left(p);
}

static void
sp_publisher_reader_open(void *cookie, struct sp_link *link)
{
	struct sp_reader *r = cookie;
	struct sp_publisher *p = r->owner;

	(void)link;
	sp_journal_close(&p->journal);
	sp_reader_begin(r, &p->journal, loop_now(p->loop));
	sp_pace_look(p);
}

static void
sp_publisher_reader_left(void *cookie, struct sp_link *link)
{
	struct sp_reader *r = cookie;
	struct sp_publisher *p = r->owner;

	(void)link;
	sp_publisher_send(p, r);
	sp_publisher_trim(p);
	sp_publisher_look_left(p);
	sp_pace_look(p);
}

static void
sp_publisher_reader_got(void *cookie, struct sp_link *link, struct span message)
{
	(void)cookie;
	(void)link;
	(void)message;		/* readers have nothing to say */
}

static void
sp_publisher_drop_reader(struct sp_publisher *p, struct sp_reader *r)
{
	struct sp_reader **at = &p->readers;

	while (*at != r)
		at = &(*at)->next_reader;
	*at = r->next_reader;
	p->links[SP_RECORDS]--;
	sp_link_free(r->link);
	free(r);
}

static void
sp_publisher_reader_closed(void *cookie, struct sp_link *link, int error)
{
	struct sp_reader *r = cookie;
	struct sp_publisher *p = r->owner;

	(void)link;
	(void)error;
	sp_publisher_drop_reader(p, r);
	sp_publisher_trim(p);
	sp_publisher_look_left(p);
	sp_pace_look(p);
}

static const struct sp_link_calls sp_publisher_reader_calls = {
	.open = sp_publisher_reader_open,
	.got = sp_publisher_reader_got,
	.left = sp_publisher_reader_left,
	.closed = sp_publisher_reader_closed,
};

static void
sp_publisher_came(void *cookie, int fd)
{
	struct sp_publisher *p = cookie;
	struct sp_link_kind kind = { SP_PUB, p->servers[SP_RECORDS].address.tcp, SP_READER_MOST,
		SP_READER_READ };
	struct sp_reader *r;

	if (p->links[SP_RECORDS] == MAX_SP_LINKS) {
		tell(TELL_WARNING, "a reader is refused: there are %d already", MAX_SP_LINKS);
		close(fd);
		return;
	}
	r = calloc(1, sizeof(*r));
	if (r == NULL)
		die_world("out of memory for the bus");
	*r = (struct sp_reader){ .next_reader = p->readers, .owner = p };
	r->link = sp_link_open(p->loop, fd, kind, false, &sp_publisher_reader_calls, r);
	p->readers = r;
	p->links[SP_RECORDS]++;
}

/* ---- publishing ---- */

static void
sp_publisher_published(struct sp_publisher *p, size_t n)
{
	sp_pace_published(p, n);
	if (!loop_timer_runs(&p->flush))
		loop_after(p->loop, &p->flush, 0);
}

static bool
sp_publisher_takes(struct publisher *base)
{
	return sp_pace_takes(sp_publisher_of(base));
}

static uint8_t *
sp_publisher_space(struct publisher *base, size_t *room)
{
	return sp_journal_space(&sp_publisher_of(base)->journal, room);
}

static void
sp_publisher_fill(struct publisher *base, size_t n)
{
	sp_journal_fill(&sp_publisher_of(base)->journal, n);
}

static struct span
sp_publisher_draft(struct publisher *base)
{
	return sp_journal_draft(&sp_publisher_of(base)->journal);
}

static void
sp_publisher_discard(struct publisher *base, size_t n)
{
	sp_journal_discard(&sp_publisher_of(base)->journal, n);
}

static void
sp_publisher_publish(struct publisher *base, struct publisher_lines lines)
{
	struct sp_publisher *p = sp_publisher_of(base);

	sp_journal_publish(&p->journal, lines);
	sp_publisher_published(p, lines.n);
}

static void
sp_publisher_put(struct publisher *base, const uint8_t *from, struct publisher_lines lines)
{
	struct sp_publisher *p = sp_publisher_of(base);

	sp_journal_put(&p->journal, from, lines);
	sp_publisher_published(p, lines.n);
}

static struct bus_place
sp_publisher_next(const struct publisher *base)
{
	return ((const struct sp_publisher *)base)->journal.next;
}

static void
sp_publisher_watch(struct publisher *base, uint64_t seq)
{
	struct sp_publisher *p = sp_publisher_of(base);

	p->watched = seq;
	if (!loop_timer_runs(&p->flush))
		loop_after(p->loop, &p->flush, 0);
}

static struct publisher_stats
sp_publisher_stats(const struct publisher *base)
{
	const struct sp_publisher *p = (const struct sp_publisher *)base;
	struct publisher_stats s = { .dropped = p->dropped, .messages = p->journal.end };
	uint64_t behind;

	for (const struct sp_reader *r = p->readers; r != NULL; r = r->next_reader) {
		behind = r->open ? sp_journal_behind(&p->journal, r->next) : 0;
		s.readers += r->open;
		s.behind = behind > s.behind ? (size_t)behind : s.behind;
	}
	return s;
}

/* Returns how many bytes wait for a reader. */
static uint64_t
sp_publisher_waiting(const struct sp_publisher *p, const struct sp_reader *r)
{
	return sp_journal_behind(&p->journal, r->next) + sp_link_waiting(r->link) - r->sent;
}

/* Sends to all readers. Returns how many bytes wait for them. */
static uint64_t
sp_publisher_push_out(struct sp_publisher *p)
{
	uint64_t waiting = 0;

	sp_journal_close(&p->journal);
	for (struct sp_reader *r = p->readers; r != NULL; r = r->next_reader) {
		if (!r->open || r->link->error != 0)
			continue;
		if (sp_link_waiting(r->link) > 0)
			sp_link_flush(r->link);
		sp_reader_send(r, &p->journal, loop_clock());
		waiting += sp_publisher_waiting(p, r);
	}
	return waiting;
}

/* Waits until the socket of a reader for whom bytes wait takes more, or SP_LINGER_LOOK_MS have passed. */
static void
sp_publisher_wait(const struct sp_publisher *p)
{
	struct pollfd sockets[SP_LINGER_WATCHED];
	nfds_t n = 0;

	for (const struct sp_reader *r = p->readers; r != NULL && n < SP_LINGER_WATCHED; r = r->next_reader)
		if (r->open && r->link->error == 0 && sp_publisher_waiting(p, r) > 0)
			sockets[n++] = (struct pollfd){ .fd = r->link->fd.fd, .events = POLLOUT };
	(void)poll(sockets, n, SP_LINGER_LOOK_MS);
}

static uint64_t
sp_publisher_linger(struct publisher *base, unsigned ms)
{
	struct sp_publisher *p = sp_publisher_of(base);
	unsigned still = ms / 3 < SP_STILL_MS ? ms / 3 : SP_STILL_MS;
	uint64_t end = loop_clock() + ms, moved = loop_clock(), waiting, before = 0;

	while ((waiting = sp_publisher_push_out(p)) > 0) {
		if (waiting != before)
			moved = loop_clock();
		before = waiting;
		if (loop_clock() - moved >= still)
			break;		/* those who still take anything have it all */
		if (loop_clock() >= end)
			return sp_publisher_left(p);
		sp_publisher_wait(p);
	}
	return p->journal.next.seq;
}

/* ---- from start to end ---- */

static void
sp_publisher_rested(void *cookie)
{
	sp_pace_look(cookie);
}

/* A reader that hears nothing takes the hub for dead, so a quiet hub says where it is. */
static void
sp_publisher_second(void *cookie)
{
	struct sp_publisher *p = cookie;

	if (loop_now(p->loop) - p->published >= SP_QUIET_MS) {
		sp_journal_put(&p->journal, NULL, (struct publisher_lines){ 0, 0, 0 });
		p->published = loop_now(p->loop);
		loop_after(p->loop, &p->flush, 0);
	}
	sp_publisher_look_left(p);
	loop_after(p->loop, &p->second, 1000);
}

static void
sp_publisher_free(struct publisher *base)
{
	struct sp_publisher *p = sp_publisher_of(base);

	for (enum sp_use use = SP_RECORDS; use <= SP_LINES; use++)
		sp_server_close(&p->servers[use]);
	while (p->readers != NULL)
		sp_publisher_drop_reader(p, p->readers);
	sp_ask_end(p);
	loop_stop_timer(p->loop, &p->flush);
	loop_stop_timer(p->loop, &p->rest);
	loop_stop_timer(p->loop, &p->again);
	loop_stop_timer(p->loop, &p->second);
	sp_journal_free(&p->journal);
	buf_free(&p->answer);
	free(p);
}

/* Listens on the sockets of the bus. Returns false with *why when one of them cannot be had. */
static bool
sp_publisher_listen(struct sp_publisher *p, const char *address, const char **why)
{
	static void (*const came[])(void *, int) = {
		[SP_RECORDS] = sp_publisher_came,
		[SP_QUESTIONS] = sp_ask_came,
		[SP_LINES] = sp_ask_push_came,
	};
	struct sp_access access = { p->options.mode, p->options.group };
	struct sp_address at;

	for (enum sp_use use = SP_RECORDS; use <= SP_LINES; use++) {
		if (use == SP_LINES && !p->options.ingest)
			continue;
		if (!sp_address_parse(&at, address, use, why) ||
		    !sp_server_open(&p->servers[use], p->loop, &at, access, came[use], p, why))
			return false;
	}
	return true;
}

static const struct publisher sp_publisher_functions = {
	.free = sp_publisher_free,
	.takes = sp_publisher_takes,
	.space = sp_publisher_space,
	.fill = sp_publisher_fill,
	.draft = sp_publisher_draft,
	.discard = sp_publisher_discard,
	.publish = sp_publisher_publish,
	.put = sp_publisher_put,
	.next = sp_publisher_next,
	.watch = sp_publisher_watch,
	.linger = sp_publisher_linger,
	.stats = sp_publisher_stats,
};

struct publisher *
sp_publisher_open(struct loop *loop, const char *address, const struct publisher_options *options,
    const struct publisher_calls *calls, void *cookie, const char **why)
{
	struct sp_publisher *p = calloc(1, sizeof(*p));

	if (p == NULL)
		die_world("out of memory for the bus");
	p->base = sp_publisher_functions;
	p->loop = loop;
	p->options = *options;
	p->calls = calls;
	p->cookie = cookie;
	p->opened = p->published = p->allowed_at = loop_clock();
	buf_init(&p->answer);
	p->flush = (struct loop_timer){ .due = sp_publisher_flush, .cookie = p };
	p->rest = (struct loop_timer){ .due = sp_publisher_rested, .cookie = p };
	p->again = (struct loop_timer){ .due = sp_publisher_rested, .cookie = p };
	p->second = (struct loop_timer){ .due = sp_publisher_second, .cookie = p };
	for (enum sp_use use = SP_RECORDS; use <= SP_LINES; use++)
		p->servers[use].fd.fd = -1;
	sp_journal_init(&p->journal, options->first, options->history, options->keep);
	if (!sp_publisher_listen(p, address, why)) {
		sp_publisher_free(&p->base);
		return NULL;
	}
	loop_after(loop, &p->second, 1000);
	return &p->base;
}
