/*
 * Fuzz target: offers of extensions. In: any text, read as the value of Sec-WebSocket-Extensions.
 * Demands that what is agreed and the answer go together, that the answer is itself an offer which
 * is taken in the same way, and that offers behind those taken change nothing.
 */
#include <string.h>

#include "ct-ws/ws/extension.h"
#include "tests/fuzz/judge.h"

static bool
agrees(struct span offers, struct extension *e)
{
	const char *why = extension_choose(offers, e);

	DEMAND((e->deflate == EXTENSION_NONE) == (e->answer == NULL));
	DEMAND(why == NULL || e->deflate == EXTENSION_NONE);
	return why == NULL;
}

static void
check_answer(const struct extension *e)
{
	struct extension again;

	DEMAND(agrees(span_str(e->answer), &again));
	DEMAND(again.deflate == e->deflate && strcmp(again.answer, e->answer) == 0);
}

static void
check_more(struct span offers, const struct extension *e)
{
	struct extension again;
	struct buf b;

	buf_init(&b);
	buf_put(&b, offers);
	buf_puts(&b, ", foo; bar=\"baz\", permessage-deflate; server_no_context_takeover");
	DEMAND(agrees(buf_span(&b), &again));
	if (e->deflate == EXTENSION_NONE)
		DEMAND(again.deflate == EXTENSION_ALONE);
	else
		DEMAND(again.answer == e->answer);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct extension e;

	if (!agrees(span_of(p, n), &e))
		return 0;
	if (e.deflate != EXTENSION_NONE)
		check_answer(&e);
	check_more(span_of(p, n), &e);
	return 0;
}
