/*
 * Sends old records to a client that comes back.
 *
 * in: the journal, and the place of the last record that the client has seen
 * out: frames in its outbox
 */
#include "ct-ws/stream/replay.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct-ws/filter/matcher.h"
#include "ct-ws/stream/text.h"

enum {
	REPLAY_FILL = 64 * 1024,	/* bytes of frames made at once, for one client */
	REPLAY_PASSED = 8,		/* bytes of records that are passed over cost so much less */
};

struct replay {
	struct bus_place since;
	bool found;		/* at is set: the place of since has been found in the journal */
	struct journal_at at;
	uint64_t missing;	/* records that are to be told as missing; JOURNAL_UNKNOWN */
	struct compiler *compiler;	/* borrowed */
	struct matcher *matcher;	/* owned; the client's filter alone, or NULL */
};

struct replay *
replay_open(struct bus_place since, const struct filter *filter, struct compiler *compiler)
{
	struct replay *p = calloc(1, sizeof(*p));

	if (p == NULL)
		die_world("out of memory for a replay");
	p->compiler = compiler;
	p->since = since;
	replay_filter(p, filter);
	return p;
}

bool
replay_waits(const struct replay *p, const struct journal *j)
{
	return !p->found && !journal_knows(j, p->since);
}

void
replay_filter(struct replay *p, const struct filter *filter)
{
	const char *why;

	matcher_free(p->matcher);
	p->matcher = NULL;
	if (filter == NULL)
		return;
	p->matcher = matcher_open(p->compiler);
	if (matcher_add(p->matcher, filter, p, &why) == NULL)
		die_bug("a filter that was in force is refused: %s", why);
}

void
replay_close(struct replay *p)
{
	if (p == NULL)
		return;
	matcher_free(p->matcher);
	free(p);
}

static void
replay_matched(void *cookie, void *who, struct span name)
{
	(void)who;
	(void)name;
	*(bool *)cookie = true;
}

static bool
replay_wants(struct replay *p, struct span line)
{
	bool matched = p->matcher == NULL;

	if (!matched)
		matcher_event(p->matcher, line, replay_matched, &matched);
	return matched;
}

/* Tells what is missing between the place that the client named and the first record. */
static void
replay_tell(struct replay *p, const struct journal *j, const struct kind *kind, struct reader *r)
{
	static const char unknown[] = "{\"message_type\":\"skipped\",\"count\":0,"
	    "\"why\":\"since is of another life of the hub; how many were missed is not known\"}";
	struct wire_text notice = { .event = WIRE_SKIPPED, .text = span_str(unknown) };
	uint64_t skipped = journal_skip(j, &p->at);
	struct buf frame;

	if (p->missing != JOURNAL_UNKNOWN)
		reader_tell_skipped(r, p->missing + skipped);
	else if (!r->quiet) {
		buf_init(&frame);
		wire_put(wire_of(kind->wire), &frame, &notice, kind_is_packed(kind));
		outbox_put(&r->out, buf_span(&frame));
		buf_free(&frame);
	}
	p->missing = 0;
}

bool
replay_fill(struct replay *p, const struct journal *j, const struct kind *kind, struct reader *r)
{
	struct wire_text t = { .lf = text_has_lf(kind->form), .numbered = kind->numbered };
	struct journal_record record;
	struct buf frame, line, made;
	uint64_t missed;
	size_t n = 0;
	bool more = true;

	if (!p->found)
		p->missing = journal_find(j, p->since, &p->at);
	p->found = true;
	replay_tell(p, j, kind, r);
	buf_init(&frame);
	buf_init(&line);
	buf_init(&made);
	while (more && n < REPLAY_FILL) {
		more = journal_next(j, &p->at, &record, &missed, &line);
		reader_tell_skipped(r, missed);
		if (!more || !replay_wants(p, record.line) ||
		    !text_make(kind->form, record.line, &made, &t.text)) {
			n += more ? record.line.n / REPLAY_PASSED : 0;
			continue;
		}
		t.place = record.place;
		buf_reset(&frame);
		wire_put(wire_of(kind->wire), &frame, &t, kind_is_packed(kind));
		outbox_put(&r->out, buf_span(&frame));
		n += frame.n;
	}
	buf_free(&frame);
	buf_free(&line);
	buf_free(&made);
	return more;
}
