/*
 * Says how the hub is. In: its counts, and questions. Out: its status record, and answers of
 * ct-bus(5).
 */
#include "ct-hub/hub_status.h"

void
hub_status_write(const struct hub *h, struct buf *out)
{
	struct publisher_stats s = publisher_stats(h->bus);
	struct bus_place next = publisher_next(h->bus);
	const struct tally *t = &h->tally;

	buf_puts(out, "{\"message_type\":\"status\",\"stage\":\"ct-hub\"");
	if (next.epoch != 0)
		buf_putf(out, ",\"epoch\":%llu", (unsigned long long)next.epoch);
	buf_putf(out, ",\"records\":%llu", (unsigned long long)(next.seq - 1));
	buf_putf(out, ",\"events\":%llu", (unsigned long long)t->events);
	buf_putf(out, ",\"bytes\":%llu", (unsigned long long)t->bytes);
	buf_putf(out, ",\"messages\":%llu", (unsigned long long)s.messages);
	buf_putf(out, ",\"marks\":%llu", (unsigned long long)t->marks);
	buf_putf(out, ",\"marks_stored\":%llu", (unsigned long long)h->markfile.stored);
	buf_putf(out, ",\"broken\":%llu", (unsigned long long)t->broken);
	buf_putf(out, ",\"repeated\":%llu", (unsigned long long)s.repeated);
	buf_putf(out, ",\"readers\":%u", s.readers);
	buf_putf(out, ",\"behind\":%zu", s.behind);
	buf_putf(out, ",\"dropped\":%llu", (unsigned long long)s.dropped);
	buf_puts(out, "}\n");
}

/* Reads "lost EPOCH SEQ". Returns true with *place set, or false for another question. */
static bool
hub_status_is_lost(struct span question, struct bus_place *place)
{
	const struct span lost = SPAN("lost ");

	if (!span_starts(question, lost))
		return false;
	question = span_from(question, lost.n);
	return bus_place_take(place, &question) && question.n == 0;
}

bool
hub_status_answer(void *hub, struct span question, struct buf *answer)
{
	struct hub *h = hub;
	struct bus_place place;
	uint64_t lost;

	if (span_eq(question, SPAN("status"))) {
		stages_write(&h->stages, answer);
		hub_status_write(h, answer);
		return true;
	}
	if (span_eq(question, SPAN("lives"))) {
		lives_show(&h->lives, publisher_next(h->bus).seq, answer);
		return true;
	}
	if (!hub_status_is_lost(question, &place))
		return false;
	if (lives_lost(&h->lives, place, &lost))
		buf_put_u64(answer, lost);
	return true;
}
