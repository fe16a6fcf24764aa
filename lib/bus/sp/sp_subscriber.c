/*
 * Reads a bus on ipc:// or tcp://. In: the messages of a hub, the answers to questions, and the
 * clock. Out: each record once and in order, the number of records that were lost, and the state
 * of the hub. Standard: the protocol of ct-bus(5).
 *
 * - The first message that comes says where the stream is. It is held, and nothing further is read,
 *   until the hub has answered what came before it: the latest events, and older records if the
 *   owner wants them. By the numbers of the records it goes on behind them.
 * - Older records are asked for piece by piece, up to the place where the messages begin. When the
 *   hub does not answer, or ends, it goes on without the rest of them.
 * - A message of another epoch comes from a new hub, whose records it wants from number 1 on. A gap
 *   between two numbers of one epoch is a loss.
 * - A hub says where it is every few seconds. A subscriber that hears nothing for
 *   SUBSCRIBER_SILENCE_MS gives the connection up and dials anew.
 */
#include <stdlib.h>

#include "base/die.h"
#include "base/digits.h"
#include "base/tell.h"
#include "bus/sp/sp_dialer.h"
#include "bus/sp/sp_engine.h"
#include "bus/sp/sp_message.h"
#include "os/lines.h"

enum {
	SP_TICK_MS = 1000,
	SP_ANSWER_MS = 2000,	/* a hub that is there answers in a few milliseconds */
	SP_READ = 256 << 10,	/* bytes that are read at a time: what a local socket holds */
	MAX_SP_MESSAGE = MAX_LINE + (64 << 10),	/* bytes; keeps a hub from taking all memory */
};

/* What the subscriber is doing. */
enum sp_stage {
	SP_EXPECTS,	/* no message has come yet */
	SP_ASKS_BEFORE,	/* what came before the first message, which is held, is asked for */
	SP_FOLLOWS,	/* messages are handed out */
};

struct sp_subscriber {
	struct subscriber base;
	struct loop *loop;
	const char *address;
	struct subscriber_start start;
	const struct subscriber_calls *calls;
	void *cookie;

	struct sp_dialer dialer;
	struct question *question;	/* that waits for its answer; NULL: none */
	struct loop_timer tick;		/* every second */
	enum subscriber_state state;
	enum sp_stage stage;
	bool connected;			/* a message can come */
	bool told_away;			/* the user knows that there is no hub */
	bool told_mute;			/* the user knows that the hub does not answer */
	bool paused;			/* by the owner */
	bool piece_due;			/* older records are to be asked for when the pause is over */
	unsigned quiet;			/* ms, as ticks count them, since a message came */

	struct bus_place next;		/* the first record not handed out or known to be lost */
	struct bus_place old;		/* the first older record not handed out */
	struct bus_place ended;		/* next when a hub ended, until its losses are known; else epoch 0 */
	struct bus_place held;		/* of the first message, while what came before it is asked for */
	struct buf held_lines;		/* owned: the lines of that message */
	struct buf latest;		/* owned: the latest events, while older records come */
};

static struct sp_subscriber *
sp_subscriber_of(struct subscriber *s)
{
	return (struct sp_subscriber *)s;
}

static void
sp_subscriber_become(struct sp_subscriber *s, enum subscriber_state state)
{
	if (s->state == state)
		return;
	s->state = state;
	if (s->calls->state != NULL)
		s->calls->state(s->cookie, state);
}

/* Reads messages, unless the owner has paused or the first message is held. */
static void
sp_subscriber_want(struct sp_subscriber *s)
{
	struct sp_link *link = sp_dialer_link(&s->dialer);

	if (link != NULL)
		sp_link_pause(link, s->paused || s->stage == SP_ASKS_BEFORE);
}

/* ---- messages ---- */

static void
sp_subscriber_hand_out(struct sp_subscriber *s, const struct sp_message *m)
{
	struct span lines = m->lines, line;
	uint64_t seq = m->place.seq;

	while (span_line(&lines, &line))
		if (seq++ >= s->next.seq)
			s->calls->line(s->cookie, (struct bus_place){ m->place.epoch, seq - 1 }, line);
	if (s->next.seq < seq)
		s->next.seq = seq;
}

static void sp_subscriber_ask_lost(struct sp_subscriber *s);

static void
sp_subscriber_take(struct sp_subscriber *s, const struct sp_message *m)
{
	if (m->place.epoch != s->next.epoch) {
		tell(TELL_INFO, "the hub at %s began anew", s->address);
		if (s->ended.epoch == 0)
			s->ended = s->next;
		s->next = (struct bus_place){ m->place.epoch, 1 };
		sp_subscriber_ask_lost(s);
	}
	if (m->place.seq > s->next.seq) {
		s->calls->missed(s->cookie, m->place.seq - s->next.seq);
		s->next.seq = m->place.seq;
	}
	sp_subscriber_hand_out(s, m);
}

/* ---- questions ---- */

/*
 * Asks, and lets answered have the answer; no answer to the question before comes any more. Returns
 * false when it cannot be asked.
 */
static bool
sp_subscriber_ask(struct sp_subscriber *s, struct span text,
    void (*answered)(void *cookie, struct span answer, const char *why))
{
	const char *why;

	question_free(s->question);
	s->question = sp_question_open(s->loop, s->address, text, SP_ANSWER_MS, answered, s, &why);
	if (s->question == NULL)
		tell(TELL_WARNING, "%s: cannot ask: %s", s->address, why);
	return s->question != NULL;
}

/* Lets go of the question that has just been answered. */
static void
sp_subscriber_asked(struct sp_subscriber *s, const char *why)
{
	question_free(s->question);
	s->question = NULL;
	if (why == NULL || s->told_mute)
		return;
	tell(TELL_WARNING, "%s: no answer to a question: %s", s->address, why);
	s->told_mute = true;
}

static void
sp_subscriber_learn_lost(void *cookie, struct span answer, const char *why)
{
	struct sp_subscriber *s = cookie;
	uint64_t lost;

	if (digits_take(&answer, &lost) && answer.n == 0 && lost > 0) {
		s->calls->missed(s->cookie, lost);
		s->calls->turn(s->cookie);
	}
	if (why == NULL)
		s->ended.epoch = 0;
	sp_subscriber_asked(s, why);
}

/* Asks how many records were lost when a hub ended. If that cannot be asked now, the tick asks again. */
static void
sp_subscriber_ask_lost(struct sp_subscriber *s)
{
	struct buf text;

	if (s->ended.epoch == 0 || s->question != NULL)
		return;
	buf_init(&text);
	sp_message_lost(&text, s->ended);
	sp_subscriber_ask(s, buf_span(&text), sp_subscriber_learn_lost);
	buf_free(&text);
}

/* ---- what came before the first message ---- */

/* Goes on with what has come of the answers, and then with the message that was held. */
static void
sp_subscriber_follow(struct sp_subscriber *s)
{
	struct sp_message held = { s->held, buf_span(&s->held_lines) };

	s->stage = SP_FOLLOWS;
	s->piece_due = false;
	if (s->start.since.epoch == 0)
		s->calls->latest(s->cookie, s->next, buf_span(&s->latest));
	buf_free(&s->latest);
	tell(TELL_DEBUG, "follows the bus at %s from record %llu on", s->address,
	    (unsigned long long)s->next.seq);
	sp_subscriber_take(s, &held);
	buf_free(&s->held_lines);
	sp_subscriber_want(s);
	s->calls->turn(s->cookie);
}

static void sp_subscriber_learn_older(void *cookie, struct span answer, const char *why);

static void
sp_subscriber_ask_older(struct sp_subscriber *s)
{
	struct buf text;

	buf_init(&text);
	sp_message_since(&text, s->old);
	if (!sp_subscriber_ask(s, buf_span(&text), sp_subscriber_learn_older))
		sp_subscriber_follow(s);
	buf_free(&text);
}

/* Returns the number of the first record that does not count as an older one. */
static uint64_t
sp_subscriber_older_end(const struct sp_subscriber *s)
{
	return s->start.since.epoch == 0 ? s->next.seq : s->held.seq;
}

/* Asks for the next piece, unless all has come or the last answer brought nothing new. */
static void
sp_subscriber_go_on(struct sp_subscriber *s, bool more)
{
	if (!more || s->old.seq >= sp_subscriber_older_end(s)) {
		sp_subscriber_follow(s);
		return;
	}
	s->piece_due = s->paused;
	if (!s->paused)
		sp_subscriber_ask_older(s);
}

/* Hands out one older record. */
static void
sp_subscriber_give_older(struct sp_subscriber *s, struct bus_place place, struct span line)
{
	s->old.seq = place.seq + 1;
	if (s->start.since.epoch == 0) {
		s->calls->old(s->cookie, place, line);
		return;
	}
	s->next.seq = place.seq + 1;
	s->calls->line(s->cookie, place, line);
}

/* Takes a piece of older records. Of another hub, or beyond the first message, none are taken. */
static void
sp_subscriber_take_older(struct sp_subscriber *s, struct sp_message m)
{
	uint64_t end = sp_subscriber_older_end(s);
	uint64_t first = m.place.seq < end ? m.place.seq : end;	/* later ones come anyway */
	struct span line;

	if (s->start.since.epoch != 0 && first > s->next.seq) {
		s->calls->missed(s->cookie, first - s->next.seq);
		s->next.seq = first;
	}
	while (m.place.seq < end && span_line(&m.lines, &line)) {
		if (m.place.seq >= s->old.seq)
			sp_subscriber_give_older(s, m.place, line);
		m.place.seq++;
	}
}

static void
sp_subscriber_learn_older(void *cookie, struct span answer, const char *why)
{
	struct sp_subscriber *s = cookie;
	uint64_t asked = s->old.seq;
	struct sp_message m;

	if (why == NULL && sp_message_parse(&m, answer) && m.place.epoch == s->old.epoch)
		sp_subscriber_take_older(s, m);
	sp_subscriber_asked(s, why);
	s->calls->turn(s->cookie);
	sp_subscriber_go_on(s, s->old.seq > asked);
}

/* Takes the latest events, and asks for older records if the owner wants them. */
static void
sp_subscriber_learn_latest(void *cookie, struct span answer, const char *why)
{
	struct sp_subscriber *s = cookie;
	struct sp_message latest = { .lines = SPAN("") };

	if (s->start.status)
		latest.lines = answer;
	else if (why == NULL && !sp_message_parse(&latest, answer)) {
		tell(TELL_WARNING, "%s: the answer of the hub is not a message of this version", s->address);
		latest.lines = SPAN("");
	} else if (latest.place.epoch != s->held.epoch) {
		/* The next hub has answered; what came of it before its first message is told as missed. */
		latest.lines = SPAN("");
	}
	buf_put(&s->latest, latest.lines);
	sp_subscriber_asked(s, why);
	s->old = (struct bus_place){ s->next.epoch, 1 };
	sp_subscriber_go_on(s, why == NULL && s->calls->old != NULL);
}

/*
 * Asks for the latest events before the first message: that and all behind it are handed out
 * anyway, however much the hub has published by now.
 */
static void
sp_subscriber_ask_latest(struct sp_subscriber *s)
{
	struct buf text;

	buf_init(&text);
	if (s->start.status)
		buf_puts(&text, "status");
	else
		buf_putf(&text, "latest %u %llu", s->start.count, (unsigned long long)s->held.seq);
	if (!sp_subscriber_ask(s, buf_span(&text), sp_subscriber_learn_latest))
		sp_subscriber_follow(s);
	buf_free(&text);
}

/* Begins at the place that the owner wants: says where that is, and asks for the records from there on. */
static void
sp_subscriber_begin_since(struct sp_subscriber *s)
{
	s->old = s->next;
	s->calls->latest(s->cookie, s->next, SPAN(""));
	sp_subscriber_go_on(s, true);
}

/* Learns how many records the owner has missed of the hub that its place belongs to. */
static void
sp_subscriber_learn_before(void *cookie, struct span answer, const char *why)
{
	struct sp_subscriber *s = cookie;
	uint64_t lost;

	if (digits_take(&answer, &lost) && answer.n == 0 && lost > 0)
		s->calls->missed(s->cookie, lost);
	else if (answer.n == 0)
		tell(TELL_WARNING, "%s: the place to begin at belongs to a hub that is not remembered; "
		    "what was lost is not known", s->address);
	sp_subscriber_asked(s, why);
	sp_subscriber_begin_since(s);
}

static void
sp_subscriber_ask_since(struct sp_subscriber *s)
{
	struct bus_place since = s->start.since;
	struct buf text;

	if (since.epoch == s->held.epoch) {
		s->next.seq = since.seq < s->held.seq ? since.seq : s->held.seq;
		s->next.seq += s->next.seq == 0;	/* the first record has number 1 */
		sp_subscriber_begin_since(s);
		return;
	}
	s->next.seq = 1;
	buf_init(&text);
	sp_message_lost(&text, since);
	if (!sp_subscriber_ask(s, buf_span(&text), sp_subscriber_learn_before))
		sp_subscriber_begin_since(s);
	buf_free(&text);
}

/* Holds the first message, until the hub has said what came before it. */
static void
sp_subscriber_hold(struct sp_subscriber *s, const struct sp_message *m)
{
	s->stage = SP_ASKS_BEFORE;
	s->held = s->next = m->place;
	buf_put(&s->held_lines, m->lines);
	sp_subscriber_want(s);
	if (s->start.since.epoch == 0 && s->start.since.seq > 0)
		s->start.since.epoch = m->place.epoch;
	if (s->start.since.epoch != 0)
		sp_subscriber_ask_since(s);
	else
		sp_subscriber_ask_latest(s);
}

/* ---- the connection and the clock ---- */

/* A connection may be made though the hub behind it hangs, so the hub is there when it is heard. */
static void
sp_subscriber_heard(struct sp_subscriber *s)
{
	if (s->told_away)
		tell(TELL_INFO, "the hub at %s is there", s->address);
	s->told_away = false;
	s->quiet = 0;
	sp_subscriber_become(s, SUBSCRIBER_THERE);
}

static void
sp_subscriber_got(void *cookie, struct sp_link *link, struct span message)
{
	struct sp_subscriber *s = cookie;
	struct sp_message m;

	(void)link;
	if (!sp_message_parse(&m, message)) {
		tell(TELL_WARNING, "%s: a message that is not EPOCH, SEQ and lines", s->address);
		return;
	}
	sp_subscriber_heard(s);
	if (s->stage == SP_EXPECTS)
		sp_subscriber_hold(s, &m);
	else
		sp_subscriber_take(s, &m);
}

static void
sp_subscriber_turn(void *cookie)
{
	struct sp_subscriber *s = cookie;

	if (s->stage == SP_FOLLOWS)
		s->calls->turn(s->cookie);
}

static void
sp_subscriber_opened(void *cookie, struct sp_link *link)
{
	struct sp_subscriber *s = cookie;

	(void)link;
	s->connected = true;
	s->quiet = 0;
	sp_subscriber_want(s);
}

/* Gives up the question that waits for its answer: it must not reach the next hub. */
static void
sp_subscriber_closed(void *cookie, int error)
{
	struct sp_subscriber *s = cookie;

	(void)error;
	if (!s->connected)
		return;
	s->connected = false;
	question_free(s->question);
	s->question = NULL;
	if (s->stage == SP_ASKS_BEFORE)
		sp_subscriber_follow(s);
	if (s->state != SUBSCRIBER_SILENT)
		sp_subscriber_become(s, SUBSCRIBER_AWAY);
}

static const struct sp_dialer_calls sp_subscriber_dialer_calls = {
	.open = sp_subscriber_opened,
	.got = sp_subscriber_got,
	.turn = sp_subscriber_turn,
	.closed = sp_subscriber_closed,
};

/* Gives up a connection that may be half open: the other end is gone, and no packet says so. */
static void
sp_subscriber_dial_anew(struct sp_subscriber *s)
{
	if (s->state != SUBSCRIBER_SILENT)
		tell(TELL_WARNING, "nothing was heard from the hub at %s for %d s; dialling anew",
		    s->address, SUBSCRIBER_SILENCE_MS / 1000);
	s->told_away = true;
	s->quiet = 0;
	sp_subscriber_become(s, SUBSCRIBER_SILENT);
	sp_dialer_redial(&s->dialer);
	sp_subscriber_closed(s, 0);
}

static void
sp_subscriber_tick(void *cookie)
{
	struct sp_subscriber *s = cookie;

	if (!s->connected && !s->told_away) {
		tell(TELL_WARNING, "no hub at %s; waiting for it", s->address);
		s->told_away = true;
	}
	/*
	 * Time is counted by ticks, as the time in which this process was stopped is no silence.
	 */
	if (!s->paused && s->stage != SP_ASKS_BEFORE)
		s->quiet += SP_TICK_MS;
	if (s->connected && s->quiet > SUBSCRIBER_SILENCE_MS)
		sp_subscriber_dial_anew(s);
	else if (s->stage == SP_FOLLOWS && s->state == SUBSCRIBER_THERE)
		sp_subscriber_ask_lost(s);
	loop_after(s->loop, &s->tick, SP_TICK_MS);
}

/* ---- from start to end ---- */

static void
sp_subscriber_free(struct subscriber *base)
{
	struct sp_subscriber *s = sp_subscriber_of(base);

	loop_stop_timer(s->loop, &s->tick);
	question_free(s->question);
	sp_dialer_close(&s->dialer);
	buf_free(&s->held_lines);
	buf_free(&s->latest);
	free(s);
}

static void
sp_subscriber_pause(struct subscriber *base, bool paused)
{
	struct sp_subscriber *s = sp_subscriber_of(base);

	if (s->paused && !paused)
		s->quiet = 0;
	s->paused = paused;
	if (!paused && s->piece_due) {
		s->piece_due = false;
		sp_subscriber_ask_older(s);
	}
	sp_subscriber_want(s);
}

struct subscriber *
sp_subscriber_open(struct loop *loop, const char *address, const struct subscriber_start *start,
    const struct subscriber_calls *calls, void *cookie, const char **why)
{
	struct sp_subscriber *s;
	struct sp_address at;

	if (!sp_address_parse(&at, address, SP_RECORDS, why))
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		die_world("out of memory for the bus");
	*s = (struct sp_subscriber){ .base = { sp_subscriber_free, sp_subscriber_pause }, .loop = loop,
		.address = address, .start = *start, .calls = calls, .cookie = cookie };
	s->tick = (struct loop_timer){ .due = sp_subscriber_tick, .cookie = s };
	sp_dialer_open(&s->dialer, loop, &at, SP_SUB, MAX_SP_MESSAGE, SP_READ,
	    &sp_subscriber_dialer_calls, s);
	loop_after(loop, &s->tick, SP_TICK_MS);
	return &s->base;
}
