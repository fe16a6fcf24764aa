/*
 * Shows what a hub keeps from a place on. In: a place, and the answers of the hub. Out: lines.
 * Standard: the questions latest, lost and since of ct-bus(5).
 */
#include "ct-latest/since.h"

#include <inttypes.h>

#include "base/digits.h"
#include "base/tell.h"
#include "bus/bus.h"
#include "bus/question.h"
#include "ct-latest/latest.h"
#include "ct/record.h"

bool
since_parse(struct bus_place *place, const char *text)
{
	struct span rest = span_str(text);

	if (bus_place_parse(place, rest))
		return place->seq > 0;
	place->epoch = 0;
	return digits_take(&rest, &place->seq) && rest.n == 0 && place->seq > 0;
}

/* Asks what stands in question. Returns 0 with the answer, or -1 with *why. */
static int
since_ask(struct since *s, const char **why)
{
	buf_reset(&s->answer);
	return question_ask(s->address, buf_span(&s->question), LATEST_ASK_MS, &s->answer, why);
}

/* Asks as since_ask does for an answer that begins with a place; *lines is the rest of it. */
static int
since_ask_place(struct since *s, struct bus_place *place, struct span *lines, const char **why)
{
	if (since_ask(s, why) < 0)
		return -1;
	*lines = buf_span(&s->answer);
	if (latest_take_place(lines, place))
		return 0;
	*why = LATEST_NO_PLACE;
	return -1;
}

static void
since_put_skipped(struct since *s, uint64_t records)
{
	tell(TELL_WARNING, "%" PRIu64 " records missed", records);
	record_put_skipped(&s->shown, records);
	buf_putc(&s->shown, '\n');
}

/* Learns what was lost of the run of numbers that from belongs to, which is over. */
static int
since_learn_lost(struct since *s, struct bus_place from, const char **why)
{
	struct buf shown = { 0 };
	struct span answer;
	uint64_t lost;

	buf_reset(&s->question);
	buf_putf(&s->question, "lost %" PRIu64 " %" PRIu64, from.epoch, from.seq);
	if (since_ask(s, why) < 0)
		return -1;
	answer = buf_span(&s->answer);
	if (!digits_take(&answer, &lost) || answer.n > 0)
		tell(TELL_WARNING, "%s: record %" PRIu64 "-%" PRIu64 " belongs to a run of numbers that is "
		    "not remembered; what was lost is not known", bus_shown(&shown, s->address),
		    from.epoch, from.seq);
	else if (lost > 0)
		since_put_skipped(s, lost);
	buf_free(&shown);
	return 0;
}

int
since_open(struct since *s, const char *address, struct view view, struct bus_place from,
    const char **why)
{
	struct buf shown = { 0 };
	struct span lines;

	*s = (struct since){ .address = address, .view = view };
	buf_init(&s->shown);
	buf_init(&s->question);
	buf_init(&s->answer);
	buf_puts(&s->question, "latest 1");
	if (since_ask_place(s, &s->end, &lines, why) < 0)
		return -1;
	s->next = s->end;
	if (from.epoch == 0)
		from.epoch = s->end.epoch;
	if (from.epoch != s->end.epoch) {
		s->next.seq = 1;
		return since_learn_lost(s, from, why);
	}
	if (from.seq > s->end.seq)
		tell(TELL_WARNING, "%s: record %" PRIu64 " is yet to come; the next one is %" PRIu64,
		    bus_shown(&shown, address), from.seq, s->end.seq);
	else
		s->next.seq = from.seq;
	buf_free(&shown);
	return 0;
}

/* Takes a piece: lines are those of the records from place on. */
static void
since_take(struct since *s, struct bus_place place, struct span lines)
{
	struct span line;

	if (place.seq > s->end.seq)
		place.seq = s->end.seq;
	if (place.seq > s->next.seq) {
		since_put_skipped(s, place.seq - s->next.seq);
		s->next.seq = place.seq;
	}
	while (s->next.seq < s->end.seq && span_line(&lines, &line)) {
		if (view_put(s->view, &s->shown, line))
			buf_putc(&s->shown, '\n');
		s->next.seq++;
	}
}

int
since_next(struct since *s, const char **why)
{
	const uint64_t before = s->next.seq;
	struct bus_place place;
	struct span lines;

	buf_reset(&s->shown);
	if (before >= s->end.seq)
		return 0;
	buf_reset(&s->question);
	buf_putf(&s->question, "since %" PRIu64 " %" PRIu64, s->next.epoch, s->next.seq);
	if (since_ask_place(s, &place, &lines, why) < 0)
		return -1;
	if (place.epoch != s->end.epoch) {
		*why = "its hub has ended, and another one is there";
		return -1;
	}
	since_take(s, place, lines);
	if (s->next.seq > before)
		return 1;
	*why = "its answer brings nothing new";
	return -1;
}

void
since_free(struct since *s)
{
	buf_free(&s->shown);
	buf_free(&s->question);
	buf_free(&s->answer);
}
