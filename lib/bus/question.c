/*
 * Calls the engine of a question, and waits for its answer where the caller wants that. In: calls of
 * question.h. Out: calls of its engine, and an answer.
 */
#include "base/die.h"
#include "bus/engine.h"

struct question *
question_open(struct loop *loop, const char *address, struct span text, unsigned ms,
    void (*answered)(void *cookie, struct span answer, const char *why), void *cookie, const char **why)
{
	const struct bus_engine *e = bus_engine_of(address, why);

	return e == NULL ? NULL : e->question_open(loop, address, text, ms, answered, cookie, why);
}

void
question_free(struct question *q)
{
	if (q != NULL)
		q->free(q);
}

/* What question_ask waits for. */
struct question_wait {
	struct loop *loop;
	struct buf *answer;
	const char *why;
};

static void
question_came(void *cookie, struct span answer, const char *why)
{
	struct question_wait *a = cookie;

	buf_put(a->answer, answer);
	a->why = why;
	loop_stop(a->loop);
}

int
question_ask(const char *address, struct span text, unsigned ms, struct buf *answer, const char **why)
{
	struct question_wait a = { loop_open(), answer, NULL };
	struct question *q;

	if (a.loop == NULL)
		die_world("cannot wait for the bus:");
	q = question_open(a.loop, address, text, ms, question_came, &a, why);
	if (q != NULL && loop_run(a.loop) < 0)
		die_world("cannot wait for the bus:");
	if (q != NULL && a.why != NULL)
		*why = a.why;
	question_free(q);
	loop_free(a.loop);
	return q == NULL || a.why != NULL ? -1 : 0;
}
