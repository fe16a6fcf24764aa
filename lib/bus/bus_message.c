/*
 * Reads and writes what travels on the bus beside records. In: the bytes of a
 * message, question or answer. Out: its parts, or the bytes of it. The form is that
 * of ct-bus(5).
 */
#include "bus/bus_message.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

#include "base/die.h"
#include "base/digits.h"

/*
 * Takes the byte c off the front of *s. Returns false, with *s as it was, when another stands
 * there.
 */
static bool
bus_skip(struct span *s, char c)
{
	if (s->n == 0 || s->p[0] != (uint8_t)c)
		return false;
	*s = span_from(*s, 1);
	return true;
}

static bool
bus_place_take(struct bus_place *place, struct span *s)
{
	return digits_take(s, &place->epoch) && bus_skip(s, ' ') && digits_take(s, &place->seq);
}

bool
bus_message_parse(struct bus_message *m, struct span message)
{
	if (!bus_place_take(&m->place, &message) || m->place.epoch == 0 || !bus_skip(&message, '\n'))
		return false;
	m->lines = message;
	return message.n == 0 || message.p[message.n - 1] == '\n';
}

bool
bus_report_parse(struct bus_report *r, struct span question)
{
	struct span hello = SPAN("hello "), seen = SPAN("seen ");

	r->hello = span_starts(question, hello);
	if (!r->hello && !span_starts(question, seen))
		return false;
	question = span_from(question, r->hello ? hello.n : seen.n);
	return digits_take(&question, &r->id) && bus_skip(&question, ' ') &&
	    bus_place_take(&r->place, &question) && question.n == 0;
}

void
bus_report_write(struct buf *out, const struct bus_report *r)
{
	buf_putf(out, "%s %llu %llu %llu", r->hello ? "hello" : "seen", (unsigned long long)r->id,
	    (unsigned long long)r->place.epoch, (unsigned long long)r->place.seq);
}

/* Reads the question "WORD EPOCH SEQ", where word has its space. Returns false for another one. */
static bool
bus_asks(struct bus_place *place, struct span question, struct span word)
{
	if (!span_starts(question, word))
		return false;
	question = span_from(question, word.n);
	return bus_place_take(place, &question) && question.n == 0;
}

void
bus_lost_write(struct buf *out, struct bus_place place)
{
	buf_putf(out, "lost %" PRIu64 " %" PRIu64, place.epoch, place.seq);
}

bool
bus_lost_parse(struct bus_place *place, struct span question)
{
	return bus_asks(place, question, SPAN("lost "));
}

void
bus_since_write(struct buf *out, struct bus_place place)
{
	buf_putf(out, "since %" PRIu64 " %" PRIu64, place.epoch, place.seq);
}

bool
bus_since_parse(struct bus_place *place, struct span question)
{
	return bus_asks(place, question, SPAN("since "));
}

void
bus_backlog_write(struct buf *out, unsigned messages)
{
	buf_put_u64(out, messages);
}

bool
bus_backlog_parse(unsigned *messages, struct span answer)
{
	uint64_t n;

	if (!digits_take(&answer, &n) || answer.n > 0 || n == 0 || n > MAX_BUS_BACKLOG)
		return false;
	*messages = (unsigned)n;
	return true;
}

uint64_t
bus_random(void)
{
	uint64_t r;

	do {
		if (getrandom(&r, sizeof(r), 0) != (ssize_t)sizeof(r))
			die_world("no random number from the system:");
		r >>= 64 - 53;
	} while (r == 0);
	return r;
}

void
bus_place_write(char out[BUS_PLACE + 1], const struct bus_place *place)
{
	snprintf(out, BUS_PLACE + 1, "%" PRIu64 "-%" PRIu64, place->epoch, place->seq);
}

bool
bus_place_parse(struct bus_place *place, struct span text)
{
	struct bus_place at;

	if (!digits_take(&text, &at.epoch) || at.epoch == 0 || !span_starts(text, SPAN("-")))
		return false;
	text = span_from(text, 1);
	if (!digits_take(&text, &at.seq) || text.n > 0)
		return false;
	*place = at;
	return true;
}
