/*
 * Reads a bus. In: the messages of an engine's subscription, the answers to its
 * questions, and the clock. Out: each record once and in order, the number of records
 * that were lost, and the state of the hub. Standard: the protocol of ct-bus(5).
 */
#include "bus/subscriber.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/digits.h"
#include "base/tell.h"
#include "bus/bus.h"
#include "bus/engine.h"

enum {
	SUBSCRIBER_TURN = 64,		/* messages in a turn; then the loop serves others */
	SUBSCRIBER_DIAL_MS = 10,	/* between two tries to say hello while the asker connects */
	SUBSCRIBER_HELLO_MS = 250,	/* between two hellos while no message has come */
	SUBSCRIBER_TICK_MS = 1000,
	SUBSCRIBER_REPORT_MS = 2000,	/* between two reports at most */
	SUBSCRIBER_ANSWER_MS = 2000,	/* a hub that is there answers in a few milliseconds */
};

/* The question that waits for its answer. */
enum subscriber_asked {
	SUBSCRIBER_NOTHING,
	SUBSCRIBER_REPORTED,
	SUBSCRIBER_LATEST,
	SUBSCRIBER_SINCE,
	SUBSCRIBER_LOST,
};

struct subscriber {
	struct loop *loop;
	const char *address;
	const char *question;
	const struct subscriber_calls *calls;
	void *cookie;

	const struct bus_engine *engine;
	struct bus_names names;
	void *sub;			/* the engine's subscription */
	struct loop_fd messages, changes;
	void *ask;			/* the engine's asker; NULL while no hub is connected */
	struct loop_fd answers;
	struct loop_timer tick;

	enum subscriber_state state;
	bool told_away;
	bool paused;
	unsigned connection;		/* the engine's number of the one in use; 0 without one */
	bool told_mute;			/* the user knows that the hub does not answer */
	bool welcome;			/* a message has come since the connection was made */
	unsigned wait;			/* ms that tick runs for */
	unsigned quiet;			/* ms, as ticks count them, since a message came */

	uint64_t id;			/* random; tells this reader's reports from others' */
	bool joined;			/* a first message has come, and next is set */
	struct bus_place next;		/* the first record not handed out or known to be lost */
	struct bus_place taking;	/* of the message at hand: all before it is done */
	struct bus_place ended;		/* next when a hub ended, whose losses are not known yet */
	struct bus_message held;	/* the first message, until the latest events have come */
	struct buf latest;		/* owned: the latest events, while older records come */
	struct bus_place old;		/* the first older record not handed out */
	enum subscriber_asked asked;
	bool sent;			/* the question has been sent */
	uint64_t asked_at;		/* ms */
	unsigned unreported;		/* messages taken since the last report */
	bool report_due;
};

static uint64_t
subscriber_since(const struct subscriber *s, uint64_t then)
{
	uint64_t now = loop_now(s->loop);

	return now > then ? now - then : 0;
}

/* Returns true while the first message is held, because what came before it is asked for. */
static bool
subscriber_holds(const struct subscriber *s)
{
	return s->asked == SUBSCRIBER_LATEST || s->asked == SUBSCRIBER_SINCE;
}

/* Takes messages from the engine, unless the owner has paused or the first message is held. */
static void
subscriber_want(struct subscriber *s)
{
	bool take = !s->paused && !subscriber_holds(s);

	loop_want(s->loop, &s->messages, take ? LOOP_READ : 0);
}

static void
subscriber_become(struct subscriber *s, enum subscriber_state state)
{
	if (s->state == state)
		return;
	s->state = state;
	if (s->calls->state != NULL)
		s->calls->state(s->cookie, state);
}

/* Starts the tick: a short one when a question could not be sent yet or no message has come. */
static void
subscriber_wait(struct subscriber *s)
{
	bool unsent = subscriber_holds(s) ? !s->sent : !s->welcome && s->report_due;

	s->wait = SUBSCRIBER_TICK_MS;
	if (s->connection != 0 && unsent)
		s->wait = SUBSCRIBER_DIAL_MS;
	else if (s->connection != 0 && !s->welcome)
		s->wait = SUBSCRIBER_HELLO_MS;
	loop_after(s->loop, &s->tick, s->wait);
}

/* ---- reports ---- */

/*
 * Sends the question; no answer to the one before will come. Returns false when it cannot be
 * sent now.
 */
static bool
subscriber_ask(struct subscriber *s, struct span question)
{
	return s->ask != NULL && s->engine->ask_send(s->ask, question);
}

/* Asks how many records were lost when a hub ended. Returns true when the question was sent. */
static bool
subscriber_ask_lost(struct subscriber *s)
{
	struct buf text;
	bool sent;

	buf_init(&text);
	bus_lost_write(&text, s->ended);
	sent = subscriber_ask(s, buf_span(&text));
	if (sent) {
		s->asked = SUBSCRIBER_LOST;
		s->asked_at = loop_now(s->loop);
	}
	buf_free(&text);
	return sent;
}

/* Sends a report of where this reader is. If it cannot be sent now, report_due is set. */
static void
subscriber_report(struct subscriber *s)
{
	struct bus_report report = { s->id, s->taking, !s->welcome };
	struct buf text;

	if (subscriber_holds(s))
		return;
	buf_init(&text);
	bus_report_write(&text, &report);
	s->report_due = !subscriber_ask(s, buf_span(&text));
	if (!s->report_due) {
		s->asked = SUBSCRIBER_REPORTED;
		s->asked_at = loop_now(s->loop);
		s->unreported = 0;
	}
	buf_free(&text);
}

/* ---- messages ---- */

static void
subscriber_hand_out(struct subscriber *s, const struct bus_message *m)
{
	struct span lines = m->lines, line;
	uint64_t seq = m->place.seq;

	while (span_line(&lines, &line))
		if (seq++ >= s->next.seq)
			s->calls->line(s->cookie, (struct bus_place){ m->place.epoch, seq - 1 }, line);
	if (s->next.seq < seq)
		s->next.seq = seq;
}

static void
subscriber_take(struct subscriber *s, const struct bus_message *m)
{
	s->taking = m->place;
	if (m->place.epoch != s->next.epoch) {
		tell(TELL_INFO, "the hub at %s began anew", s->address);
		if (s->ended.epoch == 0)
			s->ended = s->next;
		s->next = (struct bus_place){ m->place.epoch, 1 };
	}
	if (m->place.seq > s->next.seq) {
		s->calls->missed(s->cookie, m->place.seq - s->next.seq);
		s->next.seq = m->place.seq;
	}
	subscriber_hand_out(s, m);
}

/* ---- what came before the first message ---- */

/* Sends the question that the first message is held for. If it cannot be sent now, sent is false. */
static void
subscriber_ask_held(struct subscriber *s)
{
	struct buf text;

	buf_init(&text);
	if (s->asked == SUBSCRIBER_SINCE)
		bus_since_write(&text, s->old);
	else
		buf_puts(&text, s->question);
	s->sent = subscriber_ask(s, buf_span(&text));
	buf_free(&text);
}

static void
subscriber_begin_held(struct subscriber *s, enum subscriber_asked asked)
{
	s->asked = asked;
	s->asked_at = loop_now(s->loop);
	subscriber_ask_held(s);
	subscriber_wait(s);
}

/*
 * Takes the first message, which shows that the subscription works. The message is held until
 * the answer has come that says which of its records the hub remembers.
 */
static void
subscriber_hold(struct subscriber *s, const struct bus_message *m)
{
	s->held = *m;
	s->next = s->taking = m->place;
	s->joined = true;
	subscriber_begin_held(s, SUBSCRIBER_LATEST);
	subscriber_want(s);
}

/* Goes on with what has come of the answers: the latest events, and then all from next on. */
static void
subscriber_join(struct subscriber *s)
{
	s->asked = SUBSCRIBER_NOTHING;
	s->calls->latest(s->cookie, s->next, buf_span(&s->latest));
	buf_free(&s->latest);
	tell(TELL_DEBUG, "follows the bus at %s from record %llu on", s->address,
	    (unsigned long long)s->next.seq);
	subscriber_take(s, &s->held);
	subscriber_want(s);
	subscriber_report(s);
	s->calls->turn(s->cookie);
}

/* Takes the latest events, and asks for the older records if the owner wants them. */
static void
subscriber_learn_latest(struct subscriber *s, struct span answer)
{
	struct bus_message latest = { .lines = SPAN("") };

	if (strcmp(s->question, "latest") != 0)
		latest.lines = answer;
	else if (answer.n > 0 && !bus_message_parse(&latest, answer))
		tell(TELL_WARNING, "%s: the answer of the hub is not a message of this version", s->address);
	if (latest.place.epoch == s->next.epoch && latest.place.seq > s->next.seq)
		s->next.seq = latest.place.seq;
	buf_put(&s->latest, latest.lines);
	s->old = (struct bus_place){ s->next.epoch, 1 };
	if (s->calls->old != NULL && s->old.seq < s->next.seq)
		subscriber_begin_held(s, SUBSCRIBER_SINCE);
	else
		subscriber_join(s);
}

/*
 * Hands out older records, and asks for more until all in front of next have come. It goes on
 * without them when the hub has no more, is another one, or does not know the question.
 */
static void
subscriber_learn_old(struct subscriber *s, struct span answer)
{
	struct bus_message m = { .lines = SPAN("") };
	uint64_t asked = s->old.seq;
	struct span line;

	if (!bus_message_parse(&m, answer) || m.place.epoch != s->old.epoch)
		m.lines = SPAN("");
	while (m.place.seq < s->next.seq && span_line(&m.lines, &line)) {
		if (m.place.seq >= s->old.seq) {
			s->calls->old(s->cookie, m.place, line);
			s->old.seq = m.place.seq + 1;
		}
		m.place.seq++;
	}
	if (s->old.seq > asked && s->old.seq < s->next.seq)
		subscriber_begin_held(s, SUBSCRIBER_SINCE);
	else
		subscriber_join(s);
}

/* A connection may be made though the hub behind it hangs, so the hub is there when it is heard. */
static void
subscriber_heard(struct subscriber *s)
{
	if (s->told_away)
		tell(TELL_INFO, "the hub at %s is there", s->address);
	s->told_away = false;
	s->welcome = true;
	subscriber_become(s, SUBSCRIBER_THERE);
}

static void
subscriber_messages_ready(void *cookie, unsigned events)
{
	struct subscriber *s = cookie;
	struct bus_message m;
	const char *why;
	struct span bytes;
	bool came = false;
	int got = 1;

	(void)events;
	for (int i = 0; i < SUBSCRIBER_TURN && got != 0 && s->messages.wanted != 0; i++) {
		got = s->engine->sub_take(s->sub, &bytes, &why);
		if (got > 0 && !bus_message_parse(&m, bytes)) {
			why = "a message that is not EPOCH, SEQ and lines";
			got = -1;
		}
		if (got < 0)
			tell(TELL_WARNING, "%s: %s", s->address, why);
		if (got <= 0)
			continue;
		came = true;
		s->quiet = 0;
		s->unreported++;
		subscriber_heard(s);
		if (s->joined)
			subscriber_take(s, &m);
		else
			subscriber_hold(s, &m);
	}
	if (s->joined && s->unreported >= SUBSCRIBER_REPORT && s->asked == SUBSCRIBER_NOTHING)
		subscriber_report(s);
	if (came)
		s->calls->turn(s->cookie);
}

/* ---- answers ---- */

static void
subscriber_learn_lost(struct subscriber *s, struct span answer)
{
	uint64_t lost;

	if (digits_take(&answer, &lost) && answer.n == 0 && lost > 0) {
		s->calls->missed(s->cookie, lost);
		s->calls->turn(s->cookie);
	}
	s->ended.epoch = 0;
}

static void
subscriber_answers_ready(void *cookie, unsigned events)
{
	struct subscriber *s = cookie;
	enum subscriber_asked asked = s->asked;
	struct span answer;
	const char *why;
	unsigned backlog;
	int got;

	(void)events;
	got = s->engine->ask_take(s->ask, &answer, &why);
	if (got == 0)
		return;
	if (got < 0) {
		tell(TELL_DEBUG, "%s: no answer: %s", s->address, why);
		answer = SPAN("");
	}
	if (asked == SUBSCRIBER_LATEST) {
		subscriber_learn_latest(s, answer);
		return;
	}
	if (asked == SUBSCRIBER_SINCE) {
		subscriber_learn_old(s, answer);
		return;
	}
	s->asked = SUBSCRIBER_NOTHING;
	if (asked == SUBSCRIBER_LOST)
		subscriber_learn_lost(s, answer);
	else if (bus_backlog_parse(&backlog, answer))
		s->engine->sub_backlog(s->sub, backlog);
	if (s->report_due || s->unreported >= SUBSCRIBER_REPORT)
		subscriber_report(s);
}

static void
subscriber_stop_asking(struct subscriber *s)
{
	if (s->ask == NULL)
		return;
	loop_del(s->loop, &s->answers);
	s->engine->ask_free(s->ask);
	s->ask = NULL;
}

/* Makes a new connection for questions. That of before may be dead although nothing says so. */
static void
subscriber_start_asking(struct subscriber *s)
{
	const char *why;

	subscriber_stop_asking(s);
	s->ask = s->engine->ask_open(&s->names, &why);
	if (s->ask == NULL) {
		tell(TELL_WARNING, "%s: cannot ask: %s", s->address, why);
		return;
	}
	s->answers = (struct loop_fd){ .fd = s->engine->ask_fd(s->ask),
		.ready = subscriber_answers_ready, .cookie = s };
	if (loop_add(s->loop, &s->answers, LOOP_READ) < 0)
		die_world("cannot wait for the bus:");
}

/* ---- the connection and the clock ---- */

static void
subscriber_connected(struct subscriber *s)
{
	s->welcome = false;
	s->quiet = 0;
	subscriber_start_asking(s);
	subscriber_report(s);
	subscriber_wait(s);
}

/* Gives up the question that waits for its answer, so that it does not reach the next hub. */
static void
subscriber_disconnected(struct subscriber *s)
{
	bool held = subscriber_holds(s);

	subscriber_stop_asking(s);
	s->asked = SUBSCRIBER_NOTHING;
	if (held)
		subscriber_join(s);
	if (s->state != SUBSCRIBER_SILENT)
		subscriber_become(s, SUBSCRIBER_AWAY);
}

static void
subscriber_changed(void *cookie, unsigned events)
{
	struct subscriber *s = cookie;
	unsigned connection = s->engine->sub_changed(s->sub);

	(void)events;
	if (connection == s->connection)
		return;
	if (s->connection != 0)
		subscriber_disconnected(s);
	s->connection = connection;
	if (connection != 0)
		subscriber_connected(s);
}

/* Gives up a connection that may be half open: the other end is gone, and no packet says so. */
static void
subscriber_dial_anew(struct subscriber *s)
{
	if (s->state != SUBSCRIBER_SILENT)
		tell(TELL_WARNING, "nothing was heard from the hub at %s for %d s; dialling anew",
		    s->address, SUBSCRIBER_SILENCE_MS / 1000);
	s->told_away = true;
	s->quiet = 0;
	s->engine->sub_redial(s->sub);
	subscriber_become(s, SUBSCRIBER_SILENT);
}

/* While the first message is held: goes on without an answer after SUBSCRIBER_ANSWER_MS. */
static void
subscriber_mind_held(struct subscriber *s)
{
	if (!s->sent)
		subscriber_ask_held(s);
	if (subscriber_since(s, s->asked_at) < SUBSCRIBER_ANSWER_MS)
		return;
	if (!s->told_mute)
		tell(TELL_WARNING, "the hub at %s does not answer questions; it cannot wait for this reader",
		    s->address);
	s->told_mute = true;
	subscriber_join(s);
}

static void
subscriber_mind_reports(struct subscriber *s)
{
	bool late = s->asked != SUBSCRIBER_NOTHING &&
	    subscriber_since(s, s->asked_at) >= SUBSCRIBER_ANSWER_MS;

	if (s->ended.epoch != 0 && s->welcome && subscriber_ask_lost(s))
		return;
	if (!s->welcome || s->report_due || late ||
	    subscriber_since(s, s->asked_at) >= SUBSCRIBER_REPORT_MS)
		subscriber_report(s);
}

static void
subscriber_tick(void *cookie)
{
	struct subscriber *s = cookie;
	bool connected = s->connection != 0;

	if (!connected && !s->told_away) {
		tell(TELL_WARNING, "no hub at %s; waiting for it", s->address);
		s->told_away = true;
	}
	/*
	 * Time is counted by ticks, as the time in which this process was stopped is no silence.
	 */
	if (!s->paused && !subscriber_holds(s))
		s->quiet += s->wait;
	if (connected && s->quiet > SUBSCRIBER_SILENCE_MS)
		subscriber_dial_anew(s);
	else if (subscriber_holds(s))
		subscriber_mind_held(s);
	else if (connected)
		subscriber_mind_reports(s);
	subscriber_wait(s);
}

/* ---- from start to end ---- */

static void
subscriber_watch(struct subscriber *s, struct loop_fd *f, int fd, void (*ready)(void *, unsigned))
{
	*f = (struct loop_fd){ .fd = fd, .ready = ready, .cookie = s };
	if (loop_add(s->loop, f, LOOP_READ) < 0)
		die_world("cannot wait for the bus:");
}

struct subscriber *
subscriber_open(struct loop *loop, const char *address, const char *question,
    const struct subscriber_calls *calls, void *cookie, const char **why)
{
	struct subscriber *s = calloc(1, sizeof(*s));

	if (s == NULL)
		die_world("out of memory for the bus");
	s->loop = loop;
	s->address = address;
	s->question = question;
	s->calls = calls;
	s->cookie = cookie;
	if (!bus_names_parse(&s->names, address, &s->engine, why) ||
	    (s->sub = s->engine->sub_open(&s->names, why)) == NULL) {
		free(s);
		return NULL;
	}
	s->id = bus_random();
	s->quiet = 0;
	s->tick = (struct loop_timer){ .due = subscriber_tick, .cookie = s };
	subscriber_watch(s, &s->messages, s->engine->sub_fd(s->sub), subscriber_messages_ready);
	subscriber_watch(s, &s->changes, s->engine->sub_change_fd(s->sub), subscriber_changed);
	subscriber_wait(s);
	return s;
}

void
subscriber_free(struct subscriber *s)
{
	if (s == NULL)
		return;
	loop_stop_timer(s->loop, &s->tick);
	loop_del(s->loop, &s->messages);
	loop_del(s->loop, &s->changes);
	subscriber_stop_asking(s);
	s->engine->sub_free(s->sub);
	buf_free(&s->latest);
	free(s);
}

void
subscriber_pause(struct subscriber *s, bool paused)
{
	if (s->paused && !paused)
		s->quiet = 0;
	s->paused = paused;
	subscriber_want(s);
}
