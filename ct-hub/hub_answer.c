/*
 * Answers the questions of readers. In: a question of ct-bus(5). Out: its answer, and what the
 * hub learns about the reader from it.
 */
#include "ct-hub/hub_answer.h"

#include "base/tell.h"

enum {
	HUB_WELCOME = 200,	/* ms at least between two messages for readers that said hello */
	HUB_SOON = 5,		/* ms, so that several that say hello at once get one message */
	HUB_PIECE = 256 * 1024,	/* bytes of old lines in an answer: others wait while it is made */
	HUB_SCRATCH = 1 << 20,	/* bytes of memory kept for the next answer */
};

void
hub_answer_status(const struct hub *h, struct buf *out)
{
	const struct hub_count *c = &h->count;

	buf_puts(out, "{\"message_type\":\"status\",\"stage\":\"ct-hub\"");
	buf_putf(out, ",\"epoch\":%llu", (unsigned long long)h->next.epoch);
	buf_putf(out, ",\"records\":%llu", (unsigned long long)(h->next.seq - 1));
	buf_putf(out, ",\"events\":%llu", (unsigned long long)c->events);
	buf_putf(out, ",\"bytes\":%llu", (unsigned long long)c->bytes);
	buf_putf(out, ",\"messages\":%llu", (unsigned long long)c->messages);
	buf_putf(out, ",\"marks\":%llu", (unsigned long long)c->marks);
	buf_putf(out, ",\"marks_stored\":%llu", (unsigned long long)h->markfile.stored);
	buf_putf(out, ",\"broken\":%llu", (unsigned long long)c->broken);
	buf_putf(out, ",\"readers\":%zu", h->pace.count);
	buf_puts(out, "}\n");
}

/*
 * Sees to it that a message is published soon for a reader that said hello. It says so four times a
 * second, so one message in HUB_WELCOME is enough.
 */
static void
hub_welcome(struct hub *h)
{
	uint64_t passed = loop_now(h->loop) - h->welcomed;

	if (!loop_timer_runs(&h->welcome))
		loop_after(h->loop, &h->welcome,
		    passed < HUB_WELCOME ? HUB_WELCOME - (unsigned)passed : HUB_SOON);
}

static void
hub_put_place(const struct hub *h, uint64_t seq, struct buf *out)
{
	buf_putf(out, "%llu %llu\n", (unsigned long long)h->next.epoch, (unsigned long long)seq);
}

/* Puts a message of the lines from place on, or from the oldest on when place is of another hub. */
static void
hub_put_since(const struct hub *h, struct bus_place place, struct buf *out)
{
	uint64_t seq = place.epoch == h->next.epoch ? place.seq : 0;

	seq = history_first(&h->history, seq);
	hub_put_place(h, seq, out);
	history_get(&h->history, seq, HUB_PIECE, out);
}

void
hub_answer(struct hub *h, struct span question)
{
	struct buf *out = &h->scratch;
	struct bus_report report;
	struct bus_place place;
	uint64_t lost;
	const char *why;

	buf_reset(out);
	if (span_eq(question, SPAN("latest"))) {
		hub_put_place(h, h->next.seq, out);
		buf_put(out, recent_lines(&h->recent));
	} else if (span_eq(question, SPAN("status"))) {
		hub_answer_status(h, out);
	} else if (bus_report_parse(&report, question)) {
		pace_seen(&h->pace, &report, loop_now(h->loop));
		if (report.hello)
			hub_welcome(h);
		bus_backlog_write(out, h->pace.backlog);
	} else if (bus_lost_parse(&place, question)) {
		if (lives_lost(&h->lives, place, &lost))
			buf_put_u64(out, lost);
	} else if (bus_since_parse(&place, question)) {
		hub_put_since(h, place, out);
	} else {
		buf_puts(out, "{\"message_type\":\"error\",\"reason\":\"unknown question\"}\n");
	}
	if (bus_hub_answer(h->bus, buf_span(out), &why) < 0)
		tell(TELL_DEBUG, "cannot answer: %s", why);
	buf_trim(out, HUB_SCRATCH);
}
