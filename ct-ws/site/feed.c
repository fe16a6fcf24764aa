/*
 * Brings records from the bus to the server.
 *
 * in: what a subscriber of the bus reports, and where the hub says that its lives ended
 * out: calls of the functions in server.h
 */
#include "ct-ws/site/feed.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/fnv.h"
#include "bus/question.h"
#include "bus/subscriber.h"
#include "ct/record.h"

enum { FEED_ANSWER_MS = 2000 };	/* a hub that is there answers in a few milliseconds */

/* ---- the lives of the hub ---- */

/* Reads them from an answer to "lives", which has none where they are not known. */
static void
feed_learn(struct feed *f, struct span answer)
{
	struct bus_place lives[JOURNAL_LIVES];
	struct span line;
	size_t n = 0;

	while (n < JOURNAL_LIVES && span_line(&answer, &line) && bus_place_take(&lives[n], &line))
		n++;
	server_learn(f->server, lives, n);
}

static void
feed_answered(void *cookie, struct span answer, const char *why)
{
	struct feed *f = cookie;
	struct question *q = f->question;	/* which the answer belongs to */

	(void)why;
	f->question = NULL;
	feed_learn(f, answer);
	question_free(q);
}

/* Asks for the lives, once each time that the hub has come. Where nobody can be asked they are not known. */
static void
feed_ask(struct feed *f)
{
	const char *why;

	f->to_ask = false;
	f->question = question_open(f->loop, f->address, SPAN("lives"), FEED_ANSWER_MS, feed_answered, f,
	    &why);
	if (f->question == NULL)
		feed_learn(f, SPAN(""));
}

/* ---- records ---- */

static void
feed_line(void *cookie, struct bus_place place, struct span line)
{
	struct feed *f = cookie;

	server_take(f->server, place, line);
}

static void
feed_old(void *cookie, struct bus_place place, struct span line)
{
	struct feed *f = cookie;

	if (f->old != NULL && record_kind(line) == RECORD_EVENT)
		f->old[f->old_count++ % FEED_OLD] = (struct feed_event){ place, fnv_hash(line) };
	server_take_old(f->server, place, line);
}

/*
 * Returns the place of line, the event with so many others behind it up to the first message; its epoch
 * is 0 where it is not known. The latest events come without places, but nearly always they are the
 * newest of the older records as well.
 */
static struct bus_place
feed_place(const struct feed *f, struct span line, size_t behind)
{
	const struct feed_event *e;

	if (f->old == NULL || behind >= f->old_count || behind >= FEED_OLD)
		return (struct bus_place){ 0, 0 };
	e = &f->old[(f->old_count - 1 - behind) % FEED_OLD];
	return e->hash == fnv_hash(line) ? e->place : (struct bus_place){ 0, 0 };
}

static void
feed_latest(void *cookie, struct bus_place next, struct span lines)
{
	struct feed *f = cookie;
	struct span rest = lines, line;
	size_t n = 0;

	while (span_line(&rest, &line))
		n++;
	while (n-- > 0 && span_line(&lines, &line))
		server_take(f->server, feed_place(f, line, n), line);
	free(f->old);
	f->old = NULL;
	server_begin(f->server, next);
}

static void
feed_missed(void *cookie, uint64_t records)
{
	struct feed *f = cookie;

	server_missed(f->server, records);
}

static void
feed_turn(void *cookie)
{
	struct feed *f = cookie;

	server_hub_heard(f->server);
	if (f->to_ask)
		feed_ask(f);
	server_settle(f->server);
}

static void
feed_state(void *cookie, enum subscriber_state state)
{
	static const enum health_hub hub[] = {
		[SUBSCRIBER_AWAY] = HEALTH_HUB_AWAY,
		[SUBSCRIBER_THERE] = HEALTH_HUB_THERE,
		[SUBSCRIBER_SILENT] = HEALTH_HUB_SILENT,
	};
	struct feed *f = cookie;

	f->to_ask = state == SUBSCRIBER_THERE;
	question_free(f->question);
	f->question = NULL;
	server_hub_is(f->server, hub[state]);
}

static const struct subscriber_calls feed_calls = {
	.old = feed_old,
	.latest = feed_latest,
	.line = feed_line,
	.missed = feed_missed,
	.turn = feed_turn,
	.state = feed_state,
};

int
feed_open(struct feed *f, struct loop *loop, struct server *server, const char *address,
    const char **why)
{
	const struct subscriber_start latest = { .status = false };

	*f = (struct feed){ .server = server, .loop = loop, .address = address };
	f->old = calloc(FEED_OLD, sizeof(*f->old));
	if (f->old == NULL)
		die_world("out of memory for the bus");
	f->subscriber = subscriber_open(loop, address, &latest, &feed_calls, f, why);
	return f->subscriber == NULL ? -1 : 0;
}

void
feed_free(struct feed *f)
{
	question_free(f->question);
	subscriber_free(f->subscriber);
	free(f->old);
}
