/*
 * Asks a hub on ipc:// or tcp:// one question. In: the question. Out: its answer, or why there is
 * none. A connection is made for each question; on one machine that takes some 50 microseconds.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/die.h"
#include "bus/sp/sp_engine.h"
#include "bus/sp/sp_dialer.h"

enum {
	MAX_SP_ANSWER = 64 << 20,	/* bytes; keeps a hub from taking the asker's memory */
	SP_QUESTION_READ = 64 << 10,	/* bytes that are read at a time */
};

struct sp_question_asked {
	struct question base;
	struct loop *loop;
	struct sp_dialer dialer;
	struct loop_timer late;
	struct buf text;		/* owned */
	void (*answered)(void *cookie, struct span answer, const char *why);	/* NULL once it was called */
	void *cookie;
};

static void
sp_question_free(struct question *base)
{
	struct sp_question_asked *q = (struct sp_question_asked *)base;

	loop_stop_timer(q->loop, &q->late);
	sp_dialer_close(&q->dialer);
	buf_free(&q->text);
	free(q);
}

/* Hands the answer out, or why there is none, once. The question may be freed then. */
static void
sp_question_end(struct sp_question_asked *q, struct span answer, const char *why)
{
	void (*answered)(void *, struct span, const char *) = q->answered;

	q->answered = NULL;
	loop_stop_timer(q->loop, &q->late);
	if (answered != NULL)
		answered(q->cookie, answer, why);
}

static void
sp_question_open_link(void *cookie, struct sp_link *link)
{
	struct sp_question_asked *q = cookie;

	sp_link_send(link, SP_ASKED, buf_span(&q->text));
}

static void
sp_question_got(void *cookie, struct sp_link *link, struct span message)
{
	struct sp_question_asked *q = cookie;

	(void)link;
	if (span_starts(message, SP_ASKED))
		sp_question_end(q, span_from(message, SP_ASKED.n), NULL);
}

static void
sp_question_closed(void *cookie, int error)
{
	struct sp_question_asked *q = cookie;

	if (error == EACCES)
		sp_question_end(q, SPAN(""), "permission denied");
	else if (error == ENOENT || error == ECONNREFUSED)
		sp_question_end(q, SPAN(""), "no hub serves it");
	else if (error == EPROTO)
		sp_question_end(q, SPAN(""), "what serves it is no hub");
}

static void
sp_question_late(void *cookie)
{
	sp_question_end(cookie, SPAN(""), "no hub answers");
}

static const struct sp_dialer_calls sp_question_calls = {
	.open = sp_question_open_link,
	.got = sp_question_got,
	.closed = sp_question_closed,
};

struct question *
sp_question_open(struct loop *loop, const char *address, struct span text, unsigned ms,
    void (*answered)(void *cookie, struct span answer, const char *why), void *cookie, const char **why)
{
	struct sp_question_asked *q;
	struct sp_address at;

	if (!sp_address_parse(&at, address, SP_QUESTIONS, why))
		return NULL;
	q = calloc(1, sizeof(*q));
	if (q == NULL)
		die_world("out of memory for the bus");
	*q = (struct sp_question_asked){ .base.free = sp_question_free, .loop = loop,
		.answered = answered, .cookie = cookie };
	buf_init(&q->text);
	buf_put(&q->text, text);
	q->late = (struct loop_timer){ .due = sp_question_late, .cookie = q };
	loop_after(loop, &q->late, ms);
	sp_dialer_open(&q->dialer, loop, &at, SP_REQ, MAX_SP_ANSWER, SP_QUESTION_READ, &sp_question_calls, q);
	return &q->base;
}
