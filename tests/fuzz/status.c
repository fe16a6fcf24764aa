/*
 * Fuzz target: what ct-ws keeps of the stream. In: lines, each an event or a record. Demands that
 * limits hold, and that all that is shown of them is well formed.
 */
#include "ct-ws/site/report.h"
#include "ct-ws/site/stats.h"
#include "tests/fuzz/judge.h"

#include "base/utf8.h"

static void
check_text(const char *text)
{
	struct span s = span_str(text);

	DEMAND(s.n <= MAX_LOGS_TEXT && utf8_is(s));
	for (size_t i = 0; i < s.n; i++)
		DEMAND(s.p[i] >= 0x20 && s.p[i] != 0x7f);
}

static void
check_logs(const struct logs *l)
{
	DEMAND(l->count <= MAX_LOGS && l->host_count <= MAX_HOSTS);
	for (size_t i = 0; i < l->count; i++) {
		check_text(l->list[i].name);
		check_text(l->list[i].url);
		check_text(l->list[i].id);
		check_text(l->list[i].operator);
		for (size_t k = 0; k < MAX_REPORTS; k++) {
			if (l->list[i].reports[k].of == NULL)
				continue;
			check_text(l->list[i].reports[k].state);
			check_text(l->list[i].reports[k].error);
		}
	}
	for (const struct logs_producer *p = NULL; (p = logs_next(l, LOGS_FETCH, p)) != NULL;) {
		check_text(p->name);
		check_text(p->shard);
	}
}

static void
check_shown(const struct logs *l)
{
	const struct metrics counted = { .started = 1 };
	const struct tally tally = { .count = 0 };
	const struct health health = { .hub = HEALTH_HUB_THERE };
	const struct report report = { &counted, &tally, l, &health, .now = 3000, .unix_ms = 5000 };
	struct buf out;

	buf_init(&out);
	health_put(&report, &out);
	judge_json(buf_span(&out));
	buf_reset(&out);
	stats_put(&report, &out);
	judge_json(buf_span(&out));
	buf_reset(&out);
	metrics_put(&report, true, &out);
	DEMAND(utf8_is(buf_span(&out)));
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span left = span_of(p, n), line;
	struct logs l = { .count = 0 };
	struct seen seen;

	while (span_line(&left, &line)) {
		logs_take_record(&l, line, 1000);
		seen_find(line, &seen);
		judge_within(seen.url.raw, line);
		judge_within(seen.name.raw, line);
		logs_take_event(&l, &seen);
	}
	check_logs(&l);
	check_shown(&l);
	logs_free(&l);
	return 0;
}
