/*
 * Brings the records of the bus to all places that serve them.
 *
 * in: lines of the bus
 * out: frames in the streams, the newest events, counters
 */
#include "ct-ws/site/site.h"

#include "ct/record.h"

void
site_init(struct site *s, const struct renditions_sizes *sizes, const struct rendition_calls *calls,
    uint64_t now)
{
	*s = (struct site){ .metrics = { .started = now } };
	newest_init(&s->newest);
	files_open(&s->files);
	s->now = now;
	renditions_init(&s->renditions, sizes, calls);
}

void
site_free(struct site *s)
{
	renditions_free(&s->renditions);
	newest_free(&s->newest);
	files_close(&s->files);
	logs_free(&s->logs);
}

void
site_begin(struct site *s, struct bus_place place)
{
	renditions_reach(&s->renditions, place);
	journal_begin(&s->renditions.journal);
	renditions_resume(&s->renditions);
}

void
site_learn(struct site *s, const struct bus_place *lives, size_t count)
{
	journal_learn(&s->renditions.journal, lives, count);
	renditions_resume(&s->renditions);
}

void
site_part(struct site *s)
{
	journal_part(&s->renditions.journal);
}

void
site_take_old(struct site *s, struct bus_place place, struct span line)
{
	renditions_reach(&s->renditions, place);
	if (record_kind(line) == RECORD_EVENT)
		renditions_put_old(&s->renditions, place, line);
	else
		renditions_pass(&s->renditions, (struct bus_place){ place.epoch, place.seq + 1 });
}

void
site_take(struct site *s, struct bus_place place, struct span line)
{
	struct seen seen;

	if (record_kind(line) != RECORD_EVENT) {
		logs_take_record(&s->logs, line, s->now);
		renditions_pass(&s->renditions, (struct bus_place){ place.epoch, place.seq + 1 });
		return;
	}
	seen_find(line, &seen);
	metrics_take(&s->metrics, &seen);
	logs_take_event(&s->logs, &seen);
	newest_put(&s->newest, place, line);
	renditions_put(&s->renditions, place, line);
}

void
site_miss(struct site *s, uint64_t records)
{
	s->metrics.holes++;
	s->metrics.missed += records;
	renditions_miss(&s->renditions, records);
}
