/*
 * Serves those who ask a hub, and those who push lines to it. In: questions of ct-bus(5), and
 * lines. Out: answers, and calls of the publisher's owner.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "bus/sp/sp_publisher.h"
#include "os/lines.h"

enum {
	SP_ASK_PIECE = 256 << 10,	/* bytes of old lines in an answer: others wait while it is made */
	SP_ASK_KEPT = 1 << 20,		/* bytes of memory kept for the next answer */
	SP_ASK_READ = 4 << 10,		/* bytes that are read of a question at a time */
	SP_ASK_PUSH_READ = 64 << 10,	/* bytes that are read of pushed lines at a time */
	MAX_SP_PUSH = MAX_LINE + BUS_BATCH,	/* bytes of a push; keeps a peer from taking all memory */
};

/* ---- questions ---- */

static struct sp_producer *
sp_ask_producer(struct sp_publisher *p, uint64_t id)
{
	struct sp_producer *oldest = p->producers;

	for (size_t i = 0; i < p->producer_count; i++) {
		if (p->producers[i].id == id)
			return &p->producers[i];
		if (p->producers[i].used < oldest->used)
			oldest = &p->producers[i];
	}
	if (p->producer_count < MAX_SP_PRODUCERS)
		oldest = &p->producers[p->producer_count++];
	*oldest = (struct sp_producer){ .id = id };
	return oldest;
}

static uint64_t
sp_ask_count(struct span lines)
{
	struct span line;
	uint64_t n = 0;

	while (span_line(&lines, &line))
		n++;
	return n;
}

/* Takes note of which records of a producer have left. */
static void
sp_ask_look_left(struct sp_producer *from, uint64_t left)
{
	unsigned gone = 0;

	while (gone < from->count && from->out[gone].seq <= left)
		from->left = from->out[gone++].number;
	from->count -= gone;
	memmove(from->out, from->out + gone, from->count * sizeof(from->out[0]));
}

/*
 * Publishes what a producer pushes, but for what it has pushed before and sends again because the
 * answer did not reach it.
 */
static void
sp_ask_take_push(struct sp_publisher *p, struct sp_producer *from, const struct sp_question *q)
{
	uint64_t end = q->number + sp_ask_count(q->lines);
	struct span lines = q->lines;

	if (q->number < from->next)
		lines = span_behind_lines(lines, from->next - q->number);
	if (lines.n == 0)
		return;
	from->next = end;
	p->calls->pushed(p->cookie, from->id, lines);
	from->count -= from->count == SP_PRODUCER_OUT;
	from->out[from->count].seq = p->journal.next.seq;
	from->out[from->count++].number = end;
}

/*
 * Answers a push with two numbers: that of the producer's next record, and that of its first record
 * that has not left; or with "wait" when no lines are taken now.
 */
static void
sp_ask_push(struct sp_publisher *p, const struct sp_question *q)
{
	struct sp_producer *from;

	if (q->lines.n > 0 && !sp_pace_takes(p)) {
		buf_puts(&p->answer, "wait");
		return;
	}
	from = sp_ask_producer(p, q->place.epoch);
	from->used = loop_now(p->loop);
	sp_ask_take_push(p, from, q);
	sp_ask_look_left(from, sp_publisher_left(p));
	buf_putf(&p->answer, "%llu %llu", (unsigned long long)from->next, (unsigned long long)from->left);
}

/* Answers with the lines from a place on, or from the oldest on when it is of another hub. */
static void
sp_ask_since(struct sp_publisher *p, struct bus_place place)
{
	uint64_t seq = place.epoch == p->journal.next.epoch ? place.seq : 0;

	sp_journal_since(&p->journal, seq, SP_ASK_PIECE, &p->answer);
}

static void
sp_ask_answer(struct sp_publisher *p, struct span text)
{
	struct sp_question q = sp_message_question(text);

	if (q.asks == SP_ASKS_LATEST)
		sp_journal_latest(&p->journal, (unsigned)(q.number > UINT32_MAX ? UINT32_MAX : q.number),
		    q.place.seq, &p->answer);
	else if (q.asks == SP_ASKS_SINCE)
		sp_ask_since(p, q.place);
	else if (q.asks == SP_ASKS_PUSH && p->options.ingest)
		sp_ask_push(p, &q);
	else if (!p->calls->question(p->cookie, text, &p->answer))
		buf_puts(&p->answer, "{\"message_type\":\"error\",\"reason\":\"unknown question\"}\n");
}

static void
sp_ask_leave(struct sp_guest *g, enum sp_use use)
{
	struct sp_guest **at = &g->publisher->guests[use];

	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	g->publisher->links[use]--;
	sp_link_free(g->link);
	free(g);
}

/* Ends the connections of those who have not taken their answers for longest, while too much waits. */
static void
sp_ask_limit(struct sp_publisher *p)
{
	struct sp_guest *oldest;
	size_t waiting;

	do {
		oldest = NULL;
		waiting = 0;
		for (struct sp_guest *g = p->guests[SP_QUESTIONS]; g != NULL; g = g->next) {
			size_t n = sp_link_waiting(g->link);

			waiting += n;
			if (n > 0 && (oldest == NULL || g->asked < oldest->asked))
				oldest = g;
		}
		if (waiting > MAX_SP_ANSWERS)
			sp_ask_leave(oldest, SP_QUESTIONS);
	} while (waiting > MAX_SP_ANSWERS);
}

static void
sp_ask_got(void *cookie, struct sp_link *link, struct span message)
{
	struct sp_guest *g = cookie;
	struct sp_publisher *p = g->publisher;
	size_t route = sp_frame_route(message);

	if (route == 0)
		return;
	buf_reset(&p->answer);
	sp_ask_answer(p, span_from(message, route));
	sp_link_send(link, span_of(message.p, route), buf_span(&p->answer));
	buf_trim(&p->answer, SP_ASK_KEPT);
	g->asked = ++p->questions;
	if (sp_link_waiting(link) == 0)
		return;
	sp_link_pause(link, true);	/* no further question before the answer is taken */
	sp_ask_limit(p);
}

static void
sp_ask_left(void *cookie, struct sp_link *link)
{
	(void)cookie;
	sp_link_pause(link, false);
}

/* ---- pushed lines ---- */

static void
sp_ask_push_got(void *cookie, struct sp_link *link, struct span message)
{
	struct sp_guest *g = cookie;
	struct sp_publisher *p = g->publisher;

	(void)link;
	if (message.n > 0)
		p->calls->pushed(p->cookie, 0, message);
}

/* What has been read is published; then those that push wait until lines are taken again. */
static void
sp_ask_push_turn(void *cookie, struct sp_link *link)
{
	struct sp_guest *g = cookie;

	(void)link;
	if (!sp_pace_takes(g->publisher))
		sp_ask_hold(g->publisher, true);
}

void
sp_ask_hold(struct sp_publisher *p, bool hold)
{
	for (struct sp_guest *g = p->guests[SP_LINES]; g != NULL; g = g->next)
		sp_link_pause(g->link, hold);
}

/* ---- connections ---- */

static void
sp_ask_open(void *cookie, struct sp_link *link)
{
	(void)cookie;
	(void)link;
}

static void
sp_ask_closed(void *cookie, struct sp_link *link, int error)
{
	struct sp_guest *g = cookie;

	(void)error;
	sp_ask_leave(g, link->kind.protocol == SP_REP ? SP_QUESTIONS : SP_LINES);
}

static const struct sp_link_calls sp_ask_calls = {
	.open = sp_ask_open,
	.got = sp_ask_got,
	.left = sp_ask_left,
	.closed = sp_ask_closed,
};

static const struct sp_link_calls sp_ask_push_calls = {
	.open = sp_ask_open,
	.got = sp_ask_push_got,
	.turn = sp_ask_push_turn,
	.closed = sp_ask_closed,
};

static void
sp_ask_take(struct sp_publisher *p, int fd, enum sp_use use, struct sp_link_kind kind,
    const struct sp_link_calls *calls)
{
	struct sp_guest *g;

	if (p->links[use] == MAX_SP_LINKS) {
		tell(TELL_DEBUG, "a connection is refused: there are %d already", MAX_SP_LINKS);
		close(fd);
		return;
	}
	g = calloc(1, sizeof(*g));
	if (g == NULL)
		die_world("out of memory for the bus");
	*g = (struct sp_guest){ .next = p->guests[use], .publisher = p };
	g->link = sp_link_open(p->loop, fd, kind, false, calls, g);
	p->guests[use] = g;
	p->links[use]++;
}

void
sp_ask_came(void *publisher, int fd)
{
	struct sp_publisher *p = publisher;
	struct sp_link_kind kind = { SP_REP, p->servers[SP_QUESTIONS].address.tcp,
		p->options.ingest ? MAX_SP_PUSH : MAX_SP_QUESTION, SP_ASK_READ };

	sp_ask_take(p, fd, SP_QUESTIONS, kind, &sp_ask_calls);
}

void
sp_ask_push_came(void *publisher, int fd)
{
	struct sp_publisher *p = publisher;
	struct sp_link_kind kind = { SP_PULL, p->servers[SP_LINES].address.tcp, MAX_SP_PUSH,
		SP_ASK_PUSH_READ };

	sp_ask_take(p, fd, SP_LINES, kind, &sp_ask_push_calls);
	if (!sp_pace_takes(p))
		sp_ask_hold(p, true);
}

void
sp_ask_end(struct sp_publisher *p)
{
	for (enum sp_use use = SP_QUESTIONS; use <= SP_LINES; use++)
		while (p->guests[use] != NULL)
			sp_ask_leave(p->guests[use], use);
}
