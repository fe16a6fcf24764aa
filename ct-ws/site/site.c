/*
 * Brings the records of the bus to all places that serve them.
 *
 * in: lines of the bus
 * out: frames in the streams, the newest events, counters
 */
#include "ct-ws/site/site.h"

#include "ct/record.h"

void
site_init(struct site *s, size_t ring, const struct stream_calls *calls, uint64_t now)
{
	*s = (struct site){ .metrics = { .started = now } };
	newest_init(&s->newest);
	health_begin(&s->health, HEALTH_STALE_S, now);
	files_open(&s->files);
	s->now = now;
	for (size_t i = 0; i < FORMS; i++)
		stream_init(&s->streams[i], (enum form)i, i == FORM_DOMAINS ? ring / 4 : ring, calls);
}

void
site_free(struct site *s)
{
	for (size_t i = 0; i < FORMS; i++)
		stream_free(&s->streams[i]);
	newest_free(&s->newest);
	files_close(&s->files);
	logs_free(&s->logs);
}

void
site_take(struct site *s, struct span line)
{
	struct seen seen;

	if (record_kind(line) != RECORD_EVENT) {
		logs_take_record(&s->logs, line, s->now);
		return;
	}
	seen_find(line, &seen);
	metrics_take(&s->metrics, &seen);
	logs_take_event(&s->logs, &seen);
	newest_put(&s->newest, line);
	for (size_t i = 0; i < FORMS; i++)
		stream_put_event(&s->streams[i], line);
}

void
site_miss(struct site *s, uint64_t records)
{
	s->metrics.holes++;
	s->metrics.missed += records;
	for (size_t i = 0; i < FORMS; i++)
		stream_put_skipped(&s->streams[i], records);
}

void
site_flush(struct site *s)
{
	for (size_t i = 0; i < FORMS; i++)
		if (stream_has_news(&s->streams[i]))
			stream_flush(&s->streams[i]);
}
