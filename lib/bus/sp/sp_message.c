/*
 * Reads and writes what travels on the bus beside records. In: the bytes of a message or question.
 * Out: its parts, or the bytes of it. The form is that of ct-bus(5).
 */
#include "bus/sp/sp_message.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/digits.h"

/*
 * Takes the byte c off the front of *s. Returns false, with *s as it was, when another stands
 * there.
 */
static bool
sp_skip(struct span *s, char c)
{
	if (s->n == 0 || s->p[0] != (uint8_t)c)
		return false;
	*s = span_from(*s, 1);
	return true;
}

size_t
sp_message_head(char out[SP_PLACE + 1], struct bus_place place)
{
	return (size_t)snprintf(out, SP_PLACE + 1, "%" PRIu64 " %" PRIu64 "\n", place.epoch, place.seq);
}

bool
sp_message_parse(struct sp_message *m, struct span message)
{
	if (!bus_place_take(&m->place, &message) || m->place.epoch == 0 || !sp_skip(&message, '\n'))
		return false;
	m->lines = message;
	return message.n == 0 || message.p[message.n - 1] == '\n';
}

/* Reads the rest behind "latest", which is not empty: " N" or " N SEQ". */
static bool
sp_latest_take(struct sp_question *q, struct span rest)
{
	if (!sp_skip(&rest, ' ') || !digits_take(&rest, &q->number))
		return false;
	return rest.n == 0 || (sp_skip(&rest, ' ') && digits_take(&rest, &q->place.seq) && rest.n == 0);
}

/* Reads the rest of a push behind its word: "ID NUMBER", LF and whole lines, or none. */
static bool
sp_push_take(struct sp_question *q, struct span rest)
{
	if (!digits_take(&rest, &q->place.epoch) || !sp_skip(&rest, ' ') ||
	    !digits_take(&rest, &q->number) || !sp_skip(&rest, '\n'))
		return false;
	q->lines = rest;
	return rest.n == 0 || rest.p[rest.n - 1] == '\n';
}

/* Reads the rest of a question behind its word. Returns true when the rest is as that word wants it. */
static bool
sp_rest_take(struct sp_question *q, struct span rest)
{
	switch (q->asks) {
	case SP_ASKS_LATEST:
		return rest.n == 0 || sp_latest_take(q, rest);
	case SP_ASKS_SINCE:
		return bus_place_take(&q->place, &rest) && rest.n == 0;
	case SP_ASKS_PUSH:
		return sp_push_take(q, rest);
	case SP_ASKS_OTHER:
		break;
	}
	return false;
}

struct sp_question
sp_message_question(struct span text)
{
	static const struct {
		struct span word;
		enum sp_asks asks;
	} words[] = {
		{ SPAN("latest"), SP_ASKS_LATEST },
		{ SPAN("since "), SP_ASKS_SINCE },
		{ SPAN("push "), SP_ASKS_PUSH },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct sp_question q = { .asks = words[i].asks };

		if (span_starts(text, words[i].word) && sp_rest_take(&q, span_from(text, words[i].word.n)))
			return q;
	}
	return (struct sp_question){ .asks = SP_ASKS_OTHER };
}

void
sp_message_since(struct buf *out, struct bus_place place)
{
	buf_putf(out, "since %" PRIu64 " %" PRIu64, place.epoch, place.seq);
}

void
sp_message_lost(struct buf *out, struct bus_place place)
{
	buf_putf(out, "lost %" PRIu64 " %" PRIu64, place.epoch, place.seq);
}
