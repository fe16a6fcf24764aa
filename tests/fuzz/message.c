/*
 * Fuzz target: what travels on the bus beside records. In: the bytes of a message or of a question.
 * Demands that what is read lies within them, and that what is written reads back as it was.
 */
#include "bus/sp/sp_frame.h"
#include "bus/sp/sp_message.h"
#include "tests/fuzz/judge.h"

static bool
places_eq(struct bus_place a, struct bus_place b)
{
	return a.epoch == b.epoch && a.seq == b.seq;
}

static void
check_message(struct span bytes)
{
	struct sp_message m, again;
	char head[SP_PLACE + 1];
	struct span written;

	if (!sp_message_parse(&m, bytes))
		return;
	judge_within(m.lines, bytes);
	DEMAND(m.place.epoch != 0);
	DEMAND(m.lines.n == 0 || m.lines.p[m.lines.n - 1] == '\n');
	written = span_of(head, sp_message_head(head, m.place));
	DEMAND(written.n <= SP_PLACE);
	DEMAND(sp_message_parse(&again, written) && places_eq(again.place, m.place) && again.lines.n == 0);
}

static void
check_question(struct span text)
{
	struct sp_question q = sp_message_question(text), again;
	struct buf out;

	buf_init(&out);
	if (q.asks == SP_ASKS_SINCE)
		sp_message_since(&out, q.place);
	if (out.n > 0) {
		again = sp_message_question(buf_span(&out));
		DEMAND(again.asks == q.asks && places_eq(again.place, q.place));
	}
	if (q.asks == SP_ASKS_PUSH) {
		judge_within(q.lines, text);
		DEMAND(q.lines.n == 0 || q.lines.p[q.lines.n - 1] == '\n');
	}
	if (q.asks == SP_ASKS_OTHER)
		DEMAND(q.place.epoch == 0 && q.place.seq == 0 && q.number == 0 && q.lines.n == 0);
	buf_free(&out);
}

static void
check_place(struct span text)
{
	struct bus_place place, again;
	char out[BUS_PLACE + 1];

	if (!bus_place_parse(&place, text))
		return;
	bus_place_write(out, &place);
	DEMAND(bus_place_parse(&again, span_str(out)) && places_eq(again, place));
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span bytes = span_of(p, n);
	size_t route = sp_frame_route(bytes);

	DEMAND(route <= n && route % 4 == 0 && route <= 32);
	DEMAND(route == 0 || (p[route - 4] & 0x80) != 0);
	check_message(bytes);
	check_question(bytes);
	check_question(span_from(bytes, route));
	check_place(bytes);
	return 0;
}
