/*
 * Questions to a bus in NATS, as bus/question.h describes them. In: a question. Out: its answer. No hub
 * is asked: a subscriber reads the answer from the stream, and is freed when it has brought it.
 */
#include "bus/nats/nats_engine.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/digits.h"
#include "bus/nats/nats_subscriber.h"

enum {
	NATS_ANSWER = 256 << 10,	/* bytes of lines in an answer to "since", or one line */
	MAX_NATS_LATEST = 100000,
};

struct nats_question {
	struct question base;		/* first */
	struct loop *loop;
	struct loop_timer timer;	/* the answer is there, or its time is over */
	struct subscriber *subscriber;	/* owned */
	struct subscriber_start start;
	bool since;			/* asks for records from a place on */
	bool lost;			/* asks what was lost of a run of numbers that is over */
	bool begun, done;
	struct bus_place next;		/* of the record behind those in lines */
	struct bus_place first;		/* what the head of the answer says */
	struct buf lines;
	void (*answered)(void *cookie, struct span answer, const char *why);
	void *cookie;
};

/* Takes " NUMBER" off the front of *text. */
static bool
nats_question_number(struct span *text, uint64_t *number)
{
	struct span rest = *text;

	if (rest.n == 0 || rest.p[0] != ' ')
		return false;
	rest = span_from(rest, 1);
	if (!digits_take(&rest, number))
		return false;
	*text = rest;
	return true;
}

/* Takes " EPOCH SEQ" off the front of *text. */
static bool
nats_question_place(struct span *text, struct bus_place *place)
{
	return nats_question_number(text, &place->epoch) && nats_question_number(text, &place->seq);
}

static bool
nats_question_parse(struct nats_question *q, struct span text)
{
	uint64_t count = 0;

	if (span_starts(text, SPAN("latest"))) {
		text = span_from(text, 6);
		(void)nats_question_number(&text, &count);
		q->start.count = count > MAX_NATS_LATEST ? MAX_NATS_LATEST : (unsigned)count;
	} else if (span_starts(text, SPAN("since"))) {
		text = span_from(text, 5);
		q->since = nats_question_place(&text, &q->start.since);
		if (!q->since)
			return false;
		/* No stream has this epoch, so the answer begins with the oldest record. */
		if (q->start.since.epoch == 0)
			q->start.since.epoch = UINT64_MAX;
	} else if (span_starts(text, SPAN("lost"))) {
		text = span_from(text, 4);
		q->lost = nats_question_place(&text, &q->start.since);
		if (!q->lost)
			return false;
	} else if (span_starts(text, SPAN("status"))) {
		text = span_from(text, 6);
		q->start.status = true;
	} else {
		return false;
	}
	return text.n == 0;
}

/* The subscriber cannot be freed in its own call, so the loop comes back here. */
static void
nats_question_finish(struct nats_question *q)
{
	if (q->done)
		return;
	q->done = true;
	loop_after(q->loop, &q->timer, 0);
}

static void
nats_question_latest(void *cookie, struct bus_place next, struct span lines)
{
	struct nats_question *q = cookie;

	q->begun = true;
	q->first = q->next = next;
	if (q->since)
		return;
	buf_put(&q->lines, lines);
	nats_question_finish(q);
}

static void
nats_question_line(void *cookie, struct bus_place place, struct span line)
{
	struct nats_question *q = cookie;

	if (q->done || !q->since)
		return;
	if (q->lines.n == 0)
		q->first = place;
	else if (place.seq != q->next.seq || q->lines.n + line.n > NATS_ANSWER)
		nats_question_finish(q);
	if (q->done)
		return;
	buf_put(&q->lines, line);
	buf_putc(&q->lines, '\n');
	q->next = (struct bus_place){ place.epoch, place.seq + 1 };
}

static void
nats_question_missed(void *cookie, uint64_t records)
{
	(void)cookie;
	(void)records;
}

static void
nats_question_turn(void *cookie)
{
	(void)cookie;
}

static void
nats_question_caught(void *cookie)
{
	struct nats_question *q = cookie;

	if (q->begun && q->since)
		nats_question_finish(q);
}

static void
nats_question_due(void *cookie)
{
	struct nats_question *q = cookie;
	struct buf answer;

	if (q->subscriber != NULL)
		q->subscriber->free(q->subscriber);
	q->subscriber = NULL;
	buf_init(&answer);
	if (q->done && !q->start.status && !q->lost) {
		buf_put_u64(&answer, q->first.epoch);
		buf_putc(&answer, ' ');
		buf_put_u64(&answer, q->first.seq);
		buf_putc(&answer, '\n');
	}
	buf_put(&answer, buf_span(&q->lines));
	if (q->done)
		q->answered(q->cookie, buf_span(&answer), NULL);
	else
		q->answered(q->cookie, SPAN(""), "the stream has not answered in time");
	buf_free(&answer);
}

static void
nats_question_free(struct question *base)
{
	struct nats_question *q = (struct nats_question *)base;

	loop_stop_timer(q->loop, &q->timer);
	if (q->subscriber != NULL)
		q->subscriber->free(q->subscriber);
	buf_free(&q->lines);
	free(q);
}

static const struct subscriber_calls nats_question_calls = {
	.latest = nats_question_latest,
	.line = nats_question_line,
	.missed = nats_question_missed,
	.turn = nats_question_turn,
};

struct question *
nats_question_open(struct loop *loop, const char *address, struct span text, unsigned ms,
    void (*answered)(void *cookie, struct span answer, const char *why), void *cookie, const char **why)
{
	struct nats_question *q = calloc(1, sizeof(*q));

	if (q == NULL)
		die_world("out of memory for the bus");
	q->base.free = nats_question_free;
	q->loop = loop;
	q->answered = answered;
	q->cookie = cookie;
	q->timer = (struct loop_timer){ .due = nats_question_due, .cookie = q };
	if (!nats_question_parse(q, text)) {
		*why = "a question that is none of latest, since, lost and status";
		free(q);
		return NULL;
	}
	if (q->lost) {		/* nobody knows what a stream had that is gone: the answer is empty */
		nats_question_finish(q);
		return &q->base;
	}
	q->subscriber = nats_subscriber_open(loop, address, &q->start, &nats_question_calls, q, why);
	if (q->subscriber == NULL) {
		free(q);
		return NULL;
	}
	nats_subscriber_watch(q->subscriber, nats_question_caught);
	loop_after(loop, &q->timer, ms);
	return &q->base;
}
