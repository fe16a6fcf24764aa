/*
 * Pushes records to another hub, with acknowledgement. In: records. Out: the question "push ID
 * NUMBER" of ct-bus(5), one at a time. Its answer says how many of the records the other hub has
 * taken, and how many of them have left it. On each connection it is first asked without records, as
 * a hub that takes none would close the connection because of their length.
 *
 * All records that have not left the other hub are kept. When the connection is lost, or when that
 * hub was begun anew and knows nothing of them, they are sent again; by their numbers it leaves
 * out those that it has.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/die.h"
#include "base/digits.h"
#include "base/tell.h"
#include "bus/sp/sp_dialer.h"
#include "bus/sp/sp_engine.h"
#include "bus/sp/sp_frame.h"

enum {
	SP_PUSH_BYTES = 1 << 20,	/* of lines in one question, unless one line is longer */
	SP_PUSH_WINDOW = 8 << 20,	/* bytes that may be kept before no more lines are taken */
	SP_PUSH_WAIT_MS = 50,		/* after which a hub is asked again that takes no lines for now */
	SP_PUSH_REFUSED_MS = 2000,	/* after which one is asked again that takes none at all */
	SP_PUSH_LATE_MS = 15000,	/* after which a connection without an answer is given up */
	SP_PUSH_LOOK_MS = 20,		/* at the end, between two looks at what has left */
	SP_PUSH_STILL_MS = 2000,	/* at the end: nothing has left for so long */
	MAX_SP_PUSH_ANSWER = 4096,	/* bytes */
};

struct sp_pusher {
	struct publisher base;
	struct loop *loop;
	const char *address;
	const struct publisher_calls *calls;
	void *cookie;
	struct sp_dialer dialer;
	bool taken_is_enough;	/* see struct publisher_options */
	uint64_t id;		/* names this producer to the other hub */
	struct buf lines;	/* owned: from lines_from on, the records from number left on */
	size_t lines_from;
	uint64_t left;		/* number of the first record that has not left the other hub */
	uint64_t pushed;	/* number of the first record that it has not taken */
	size_t pushed_at;	/* where that stands in lines */
	uint64_t next;		/* number of the next record */
	uint64_t watched;	/* calls->left is owed for this record; 0: for none */
	uint64_t messages;	/* questions sent */
	bool asked;		/* a question waits for its answer */
	bool refused;		/* calls->takes is owed */
	bool welcome;		/* the other hub has said on this connection what it has */
	bool told_away;		/* the user knows that the other hub cannot be reached */
	bool told_refused;	/* the user knows that it takes no pushed lines */
	struct loop_timer again;	/* until the next question */
	struct loop_timer late;		/* until the answer is too late */
	struct loop_timer end;		/* ends sp_pusher_linger's run of the loop */
	struct buf question;	/* owned: the head of the question at hand */
};

static struct sp_pusher *
sp_pusher_of(struct publisher *p)
{
	return (struct sp_pusher *)p;
}

/* ---- asking ---- */

/* Returns the records to be pushed next: as many whole lines as a question holds. */
static struct span
sp_pusher_piece(const struct sp_pusher *p)
{
	struct span rest = span_from(buf_span(&p->lines), p->pushed_at);
	const uint8_t *lf;

	if (rest.n <= SP_PUSH_BYTES)
		return rest;
	lf = memrchr(rest.p, '\n', SP_PUSH_BYTES);
	if (lf == NULL)
		lf = memchr(rest.p, '\n', rest.n);
	return span_of(rest.p, (size_t)(lf - rest.p) + 1);
}

/* Asks, when there is something to push or to learn and no question waits; on a new connection always. */
static void
sp_pusher_ask(struct sp_pusher *p)
{
	struct sp_link *link = sp_dialer_link(&p->dialer);

	if (link == NULL || p->asked || (p->welcome && p->left == p->next))
		return;
	buf_reset(&p->question);
	buf_put(&p->question, SP_ASKED);
	buf_putf(&p->question, "push %llu %llu\n", (unsigned long long)p->id, (unsigned long long)p->pushed);
	sp_link_send(link, buf_span(&p->question), p->welcome ? sp_pusher_piece(p) : SPAN(""));
	p->asked = true;
	p->messages++;
	loop_after(p->loop, &p->late, SP_PUSH_LATE_MS);
}

/* Tells how far records have left, when that was asked for. */
static void
sp_pusher_look_left(struct sp_pusher *p)
{
	if (p->watched == 0 || p->left < p->watched)
		return;
	p->watched = 0;
	p->calls->left(p->cookie, p->left);
}

static void
sp_pusher_again(void *cookie)
{
	sp_pusher_look_left(cookie);
	sp_pusher_ask(cookie);
}

/* ---- answers ---- */

/* Returns where in lines, from the offset at on, count records further stands. */
static size_t
sp_pusher_behind(const struct sp_pusher *p, size_t at, uint64_t count)
{
	return p->lines.n - span_behind_lines(span_from(buf_span(&p->lines), at), count).n;
}

/* Returns how many bytes of records have not left the other hub. */
static size_t
sp_pusher_kept(const struct sp_pusher *p)
{
	return p->lines.n - p->lines_from;
}

/*
 * Moves what is kept to the front once that is no more than what has left, so that no byte is moved
 * for each answer.
 */
static void
sp_pusher_tidy(struct sp_pusher *p)
{
	if (sp_pusher_kept(p) > p->lines_from)
		return;
	buf_drop(&p->lines, p->lines_from);
	p->pushed_at -= p->lines_from;
	p->lines_from = 0;
}

/* Forgets the records before number left, which have left the other hub. */
static void
sp_pusher_forget(struct sp_pusher *p, uint64_t left)
{
	if (left <= p->left || left > p->pushed)
		return;
	p->lines_from = sp_pusher_behind(p, p->lines_from, left - p->left);
	sp_pusher_tidy(p);
	p->left = left;
	sp_pusher_look_left(p);
	if (p->refused && sp_pusher_kept(p) < SP_PUSH_WINDOW / 2) {
		p->refused = false;
		p->calls->takes(p->cookie);
	}
}

/* Sends again from the first record on that is not known to have left the other hub. */
static void
sp_pusher_rewind(struct sp_pusher *p)
{
	p->pushed = p->left;
	p->pushed_at = p->lines_from;
}

/* Takes note that the other hub has the records before number taken, and that some have left it. */
static void
sp_pusher_learn(struct sp_pusher *p, uint64_t taken, uint64_t left)
{
	if (taken < p->pushed || taken > p->next) {	/* it has forgotten us */
		sp_pusher_rewind(p);
		return;
	}
	p->pushed_at = sp_pusher_behind(p, p->pushed_at, taken - p->pushed);
	p->pushed = taken;
	sp_pusher_forget(p, left);
}

/* Takes an answer with two numbers. Returns false when it is another one. */
static bool
sp_pusher_take_numbers(struct sp_pusher *p, struct span answer)
{
	uint64_t taken, left;

	if (!digits_take(&answer, &taken) || !span_starts(answer, SPAN(" ")))
		return false;
	answer = span_from(answer, 1);
	if (!digits_take(&answer, &left))
		return false;
	if (p->told_away || p->told_refused)
		tell(TELL_INFO, "%s is there", p->address);
	p->told_away = p->told_refused = false;
	p->welcome = true;
	sp_pusher_learn(p, taken, left);
	return true;
}

static void
sp_pusher_got(void *cookie, struct sp_link *link, struct span message)
{
	struct sp_pusher *p = cookie;
	uint64_t before = p->pushed;
	unsigned wait = SP_PUSH_WAIT_MS;
	bool welcome = p->welcome;

	(void)link;
	if (!p->asked || !span_starts(message, SP_ASKED))
		return;
	message = span_from(message, SP_ASKED.n);
	p->asked = false;
	loop_stop_timer(p->loop, &p->late);
	if (!sp_pusher_take_numbers(p, message) && !span_eq(message, SPAN("wait"))) {
		if (!p->told_refused)
			tell(TELL_WARNING, "%s takes no pushed lines; its ct-hub needs --ingest", p->address);
		p->told_refused = true;
		wait = SP_PUSH_REFUSED_MS;
	}
	if (p->pushed < p->next && (p->pushed != before || p->welcome != welcome))
		sp_pusher_ask(p);
	else
		loop_after(p->loop, &p->again, wait);
}

/* ---- the connection ---- */

static void
sp_pusher_open_link(void *cookie, struct sp_link *link)
{
	struct sp_pusher *p = cookie;

	(void)link;
	sp_pusher_ask(p);
}

static void
sp_pusher_closed(void *cookie, int error)
{
	struct sp_pusher *p = cookie;

	if (!p->told_away)
		tell(TELL_WARNING, "%s cannot be reached: %s; records are kept until it can", p->address,
		    error == 0 ? "the connection has ended" : strerror(error));
	p->told_away = true;
	p->asked = p->welcome = false;
	sp_pusher_rewind(p);	/* the next connection may be to another hub */
	loop_stop_timer(p->loop, &p->late);
}

static void
sp_pusher_late(void *cookie)
{
	struct sp_pusher *p = cookie;

	sp_dialer_redial(&p->dialer);
	sp_pusher_closed(p, ETIMEDOUT);
}

static const struct sp_dialer_calls sp_pusher_calls = {
	.open = sp_pusher_open_link,
	.got = sp_pusher_got,
	.closed = sp_pusher_closed,
};

/* ---- the functions of a publisher ---- */

static bool
sp_pusher_takes(struct publisher *base)
{
	struct sp_pusher *p = sp_pusher_of(base);

	p->refused |= sp_pusher_kept(p) >= SP_PUSH_WINDOW;	/* until sp_pusher_forget has called */
	return !p->refused;
}

static void
sp_pusher_put(struct publisher *base, const uint8_t *from, struct publisher_lines lines)
{
	struct sp_pusher *p = sp_pusher_of(base);

	buf_put(&p->lines, span_of(from, lines.n));
	p->next += lines.records;
	if (!p->asked && !loop_timer_runs(&p->again))
		loop_after(p->loop, &p->again, 0);
}

static struct bus_place
sp_pusher_next(const struct publisher *base)
{
	return (struct bus_place){ 0, ((const struct sp_pusher *)base)->next };
}

static void
sp_pusher_watch(struct publisher *base, uint64_t seq)
{
	struct sp_pusher *p = sp_pusher_of(base);

	p->watched = seq;
	if (!p->asked)
		loop_after(p->loop, &p->again, 0);
}

static struct publisher_stats
sp_pusher_stats(const struct publisher *base)
{
	const struct sp_pusher *p = (const struct sp_pusher *)base;

	return (struct publisher_stats){ .behind = sp_pusher_kept(p), .messages = p->messages };
}

static void
sp_pusher_look(void *cookie)
{
	struct sp_pusher *p = cookie;

	loop_stop(p->loop);
}

/* Returns the number of the first record that sp_pusher_linger waits for. */
static uint64_t
sp_pusher_done(const struct sp_pusher *p)
{
	return p->taken_is_enough ? p->pushed : p->left;
}

static uint64_t
sp_pusher_linger(struct publisher *base, unsigned ms)
{
	struct sp_pusher *p = sp_pusher_of(base);
	unsigned still = ms / 3 < SP_PUSH_STILL_MS ? ms / 3 : SP_PUSH_STILL_MS;
	uint64_t end = loop_clock() + ms, moved = loop_clock(), before = sp_pusher_done(p);

	while (sp_pusher_done(p) < p->next && loop_clock() < end && loop_clock() - moved < still) {
		loop_after(p->loop, &p->end, SP_PUSH_LOOK_MS);
		if (loop_run(p->loop) < 0)
			die_world("cannot wait for the bus:");
		if (sp_pusher_done(p) != before)
			moved = loop_clock();
		before = sp_pusher_done(p);
	}
	return sp_pusher_done(p);
}

static void
sp_pusher_free(struct publisher *base)
{
	struct sp_pusher *p = sp_pusher_of(base);

	loop_stop_timer(p->loop, &p->again);
	loop_stop_timer(p->loop, &p->late);
	loop_stop_timer(p->loop, &p->end);
	sp_dialer_close(&p->dialer);
	buf_free(&p->lines);
	buf_free(&p->question);
	free(p);
}

static const struct publisher sp_pusher_functions = {
	.free = sp_pusher_free,
	.takes = sp_pusher_takes,
	.put = sp_pusher_put,
	.next = sp_pusher_next,
	.watch = sp_pusher_watch,
	.linger = sp_pusher_linger,
	.stats = sp_pusher_stats,
};

struct publisher *
sp_pusher_open(struct loop *loop, const char *address, const struct publisher_options *options,
    const struct publisher_calls *calls, void *cookie, const char **why)
{
	struct sp_pusher *p;
	struct sp_address at;

	if (!sp_address_parse(&at, address, SP_QUESTIONS, why))
		return NULL;
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		die_world("out of memory for the bus");
	*p = (struct sp_pusher){ .base = sp_pusher_functions, .loop = loop, .address = address,
		.calls = calls, .cookie = cookie, .id = options->first.epoch,
		.taken_is_enough = options->taken_is_enough,
		.left = options->first.seq, .pushed = options->first.seq, .next = options->first.seq };
	p->again = (struct loop_timer){ .due = sp_pusher_again, .cookie = p };
	p->late = (struct loop_timer){ .due = sp_pusher_late, .cookie = p };
	p->end = (struct loop_timer){ .due = sp_pusher_look, .cookie = p };
	buf_init(&p->lines);
	buf_init(&p->question);
	sp_dialer_open(&p->dialer, loop, &at, SP_REQ, MAX_SP_PUSH_ANSWER, MAX_SP_PUSH_ANSWER,
	    &sp_pusher_calls, p);
	return &p->base;
}
