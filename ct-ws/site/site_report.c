/*
 * Brings together what the site tells of itself.
 *
 * in: the streams and all counters
 * out: struct report
 */
#include "ct-ws/site/site.h"

static void
site_tally(const struct site *s, struct tally *t)
{
	for (size_t i = 0; i < FORMS; i++) {
		const struct stream *from = &s->streams[i];
		struct tally_row *row = &t->rows[t->count++];

		*row = (struct tally_row){ stream_name(from->form), "websocket", from->count, 0,
			from->blocked, s->metrics.opened[i], from->texts, from->sent, from->skipped };
		for (size_t k = 0; k < from->count; k++) {
			const struct reader *r = from->readers[k];

			row->bytes += r->sent;
			row->skipped += r->skipped;
			if (r->skipped > 0)
				tally_add_slow(t, r->number, r->skipped);
		}
	}
}

void
site_second(struct site *s, uint64_t now, uint64_t unix_ms)
{
	struct tally tally = { .count = 0 };

	s->now = now;
	s->unix_ms = unix_ms;
	site_tally(s, &tally);
	health_second(&s->health, s->newest.count, now);
	rate_second(&s->events_rate, s->newest.count, now);
	rate_second(&s->bytes_rate, tally_sum(&tally, NULL, NULL).bytes, now);
	tally_free(&tally);
}

void
site_report(const struct site *s, uint64_t now, struct tally *tally, struct report *report)
{
	site_tally(s, tally);
	*report = (struct report){
		.counted = &s->metrics,
		.tally = tally,
		.logs = &s->logs,
		.health = &s->health,
		.events = s->newest.count,
		.events_rate = rate_get(&s->events_rate),
		.bytes_rate = rate_get(&s->bytes_rate),
		.now = now,
		.unix_ms = s->unix_ms + (now - s->now),
	};
}
