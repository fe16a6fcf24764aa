/*
 * Brings together what the site tells of itself.
 *
 * in: the streams and all counters
 * out: struct report
 */
#include "ct-ws/site/site.h"

#include <stdlib.h>

#include "ct-ws/site/share.h"
#include "ct-ws/stream/text.h"

static void
site_tally_slow(const struct crowd *c, struct tally *t)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->all[i]->skipped > 0)
			tally_add_slow(t, c->all[i]->number, c->all[i]->skipped);
}

static void
site_tally(const struct site *s, struct tally *t)
{
	struct renditions_sum sum;

	for (size_t w = 0; w < WIRES; w++)
		for (size_t i = 0; i < FORMS; i++) {
			renditions_sum(&s->renditions, i, w, &sum);
			t->rows[t->count++] = (struct tally_row){ text_form_name(i), wire_of(w)->name,
				sum.readers, sum.filtered, sum.blocked, sum.opened, sum.texts, sum.sent,
				sum.skipped };
		}
	for (size_t i = 0; i < s->renditions.count; i++) {
		site_tally_slow(&s->renditions.open[i]->all, t);
		site_tally_slow(&s->renditions.open[i]->picky, t);
	}
}

/* Fills in what this process knows. */
static void
site_report_own(const struct site *s, uint64_t now, struct tally *tally, struct report *report)
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

void
site_second(struct site *s, uint64_t now, uint64_t unix_ms)
{
	struct tally tally = { .count = 0 };
	struct report report;

	s->now = now;
	s->unix_ms = unix_ms;
	site_report_own(s, now, &tally, &report);
	health_second(&s->health, s->newest.count, now);
	rate_second(&s->events_rate, s->newest.count, now);
	rate_second(&s->bytes_rate, tally_sum(&tally, NULL, NULL).bytes, now);
	if (s->slots != NULL)
		share_write(s->slots, s->worker, &report);
	site_report_free(&tally, &report);
}

void
site_report(const struct site *s, uint64_t now, struct tally *tally, struct report *report)
{
	site_report_own(s, now, tally, report);
	if (s->slots == NULL)
		return;
	share_write(s->slots, s->worker, report);
	share_read(s->slots, tally, report);
}

void
site_report_free(struct tally *tally, struct report *report)
{
	tally_free(tally);
	free(report->all_logs.list);
	report->all_logs.list = NULL;
}
