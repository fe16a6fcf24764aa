/* ct-ws/logs and seen: what is kept of events and records, however many there are and whatever they hold. */
#include "unit.h"

#include <stdlib.h>

#include "ct-ws/site/logs.h"

#define LOG(name, url, rest) "{\"log_id\":\"ID-" name "\",\"name\":\"" name "\",\"operator\":\"Op\",\"url\":\"" \
	url "\",\"state\":\"live\"" rest "}"
#define STATUS(logs) "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"seen\":1.5,\"entries\":7," \
	"\"hosts\":[],\"logs\":[" logs "]}"

static void
take(struct logs *l, const char *line, uint64_t now)
{
	logs_take_record(l, span_str(line), now);
}

/* Takes an event of format go from this source. */
static void
take_event(struct logs *l, const char *source)
{
	struct buf line;
	struct seen seen;

	buf_init(&line);
	buf_putf(&line, "{\"data\":{\"leaf_cert\":{\"all_domains\":[\"\\\"source\\\":{}\"]},\"seen\":1,"
	    "\"source\":%s,\"update_type\":\"X509LogEntry\"},\"message_type\":\"certificate_update\"}", source);
	seen_find(buf_span(&line), &seen);
	logs_take_event(l, &seen);
	buf_free(&line);
}

static void
an_event_of_format_go_says_its_log_kind_and_time(void)
{
	struct seen s;

	seen_find(SPAN("{\"data\":{\"x\":\"\\\"source\\\":{\",\"source\":{\"name\":\"A log\",\"url\":"
	    "\"https://l.example/a\",\"timestamp\":1700000000.25,\"type\":\"tiled\"},\"update_type\":"
	    "\"PrecertLogEntry\"},\"message_type\":\"certificate_update\"}"), &s);
	CHECK(s.kind == SEEN_PRECERT && s.has_source && s.timestamp == 1700000000250);
	CHECK_TEXT(s.name.raw, "A log");
	CHECK_TEXT(s.url.raw, "https://l.example/a");
	CHECK_TEXT(s.type.raw, "tiled");
}

static void
an_event_of_format_calidog_says_its_log_and_kind(void)
{
	struct seen s;

	seen_find(SPAN("{\"message_type\":\"certificate_update\",\"data\":{\"update_type\":"
	    "\"X509LogEntry\",\"leaf_cert\":{},\"seen\":1.5,\"source\":{\"url\":\"l.example/a\",\"name\":"
	    "\"A log\"}}}"), &s);
	CHECK(s.kind == SEEN_REGULAR && s.has_source && s.timestamp == 0);
	CHECK_TEXT(s.url.raw, "l.example/a");
}

static void
an_event_that_says_nothing_has_no_source(void)
{
	static const char *const lines[] = { "", "{", "{\"data\":[\"a\"],\"message_type\":\"dns_entries\"}",
		"\"source\":{", "\"source\":{\"name\":\"a\",\"url\":", "\"source\":{\"name\":\"a\"}",
		"\"source\":{\"name\":1,\"url\":2}", "\"source\":", "\"source\":{\"name\":\"a\",\"url\":\"\\x\"}" };
	struct seen s;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		seen_find(span_str(lines[i]), &s);
		CHECK(!s.has_source && s.kind == SEEN_NONE);
	}
}

static void
events_are_counted_by_the_bare_url_of_their_log(void)
{
	struct logs l = { .count = 0 };

	take_event(&l, "{\"name\":\"A\",\"url\":\"https://l.example/a\",\"timestamp\":2.5,\"type\":\"tiled\"}");
	take_event(&l, "{\"name\":\"B\",\"url\":\"https://l.example/b\",\"timestamp\":9}");
	take_event(&l, "{\"name\":\"A\",\"url\":\"l.example/a/\",\"timestamp\":2,\"type\":\"tiled\"}");
	CHECK(l.count == 2 && l.list[0].events == 2 && l.list[1].events == 1);
	CHECK_TEXT(span_str(l.list[0].url), "l.example/a");
	CHECK(l.list[0].newest == 2500 && l.list[0].is_tiled && !l.list[1].is_tiled);
	logs_free(&l);
}

static void
a_status_record_replaces_what_was_said_before(void)
{
	struct logs l = { .count = 0 };

	take(&l, STATUS(LOG("A", "https://l.example/a/", ",\"lag\":12,\"behind\":4.5,\"last_error\":\"HTTP 429\"")), 1000);
	CHECK(l.count == 1 && l.records[LOGS_FETCH] == 1);
	CHECK(figures_get(&logs_next(&l, LOGS_FETCH, NULL)->figures, &figures_fetch, "entries", -1) == 7);
	CHECK(figures_get(&l.list[0].reports[0].figures, &figures_log, "lag", -1) == 12);
	CHECK(figures_get(&l.list[0].reports[0].figures, &figures_log, "behind", -1) == 4.5);
	CHECK_TEXT(span_str(l.list[0].operator), "Op");
	CHECK_TEXT(span_str(l.list[0].reports[0].error), "HTTP 429");
	take(&l, STATUS(LOG("A", "https://l.example/a/", ",\"lag\":null,\"gaps\":3")), 4000);
	CHECK(l.count == 1 && logs_next(&l, LOGS_FETCH, NULL)->every == 3000);
	CHECK(figures_get(&l.list[0].reports[0].figures, &figures_log, "lag", -1) == -1);
	CHECK(figures_get(&l.list[0].reports[0].figures, &figures_log, "gaps", -1) == 3);
	CHECK_TEXT(span_str(l.list[0].reports[0].error), "");
	logs_free(&l);
}

static void
events_and_records_of_a_log_come_together(void)
{
	struct logs l = { .count = 0 };
	double lag;

	take(&l, "{\"message_type\":\"head\",\"log_id\":\"ID-A\",\"name\":\"A\",\"tree_size\":50,"
	    "\"timestamp\":1700000000123,\"root\":\"\",\"verified\":true,\"next\":40}", 1);
	take_event(&l, "{\"name\":\"A\",\"url\":\"https://l.example/a\",\"timestamp\":1}");
	take(&l, "{\"message_type\":\"gap\",\"log_id\":\"ID-A\",\"name\":\"A\",\"from\":1,\"to\":2,\"reason\":\"x\"}", 1);
	take(&l, "{\"message_type\":\"gap\",\"log_id\":\"ID-A\",\"name\":\"A\",\"from\":1,\"to\":2,\"reason\":\"x\",\"closed\":true}", 1);
	CHECK(l.count == 1 && l.list[0].events == 1 && l.list[0].opened == 1 && l.list[0].closed == 1);
	CHECK(l.list[0].has_head && l.list[0].head_verified && l.list[0].head_time == 1700000000123);
	CHECK(logs_lag(&l.list[0], 1, &lag) && lag == 10);
	take(&l, STATUS(LOG("A", "https://l.example/a/", ",\"lag\":3")), 1000);
	CHECK(l.count == 1 && logs_lag(&l.list[0], 1000, &lag) && lag == 3);
	logs_free(&l);
}

static void
what_a_status_said_ends_when_no_other_comes(void)
{
	struct logs l = { .count = 0 };

	take(&l, STATUS(LOG("A", "https://l.example/a/", "")), 1000);
	CHECK(logs_best(&l.list[0], 1000 + LOGS_OLD_MS) != NULL);
	CHECK(logs_best(&l.list[0], 1001 + LOGS_OLD_MS) == NULL);
	CHECK(!logs_is_fresh(NULL, 1, 1));
	take(&l, STATUS(""), 1001000);	/* a record each 1000 s counts three times as long */
	CHECK(logs_best(&l.list[0], 3001000) != NULL);
	logs_free(&l);
}

/* Takes a status record of a run of ct-fetch that follows the log A. */
static void
take_from(struct logs *l, const char *producer, const char *shard, unsigned next, uint64_t now)
{
	char line[400];

	snprintf(line, sizeof(line), "{\"message_type\":\"status\",\"producer\":\"%s\",\"shard\":\"%s\","
	    "\"entries\":%u,\"logs\":[" LOG("A", "https://a/", ",\"next\":%u") "],\"hosts\":[{\"name\":"
	    "\"https://h\",\"rate\":1}],\"stage\":\"ct-fetch\"}", producer, shard, next, next);
	take(l, line, now);
}

static size_t
count_of(const struct logs *l, enum logs_stage stage)
{
	size_t n = 0;

	for (const struct logs_producer *p = NULL; (p = logs_next(l, stage, p)) != NULL;)
		n++;
	return n;
}

static void
the_word_of_the_run_that_is_furthest_counts(void)
{
	struct logs l = { .count = 0 };

	take_from(&l, "aa", "", 50, 1000);
	take_from(&l, "bb", "", 70, 1000);
	take_from(&l, "aa", "", 60, 2000);
	CHECK(l.count == 1 && count_of(&l, LOGS_FETCH) == 2 && l.host_count == 2);
	CHECK(figures_get(&logs_best(&l.list[0], 2000)->figures, &figures_log, "next", -1) == 70);
	take_from(&l, "aa", "", 70, 3000);	/* of two that are as far, the newer word */
	CHECK(logs_best(&l.list[0], 3000)->at == 3000);
	CHECK(logs_sum(&l, LOGS_FETCH, "entries") == 140);
	logs_free(&l);
}

static void
a_run_that_was_begun_anew_stands_in_for_the_one_before(void)
{
	struct logs l = { .count = 0 };

	take_from(&l, "aa", "1/2", 50, 1000);
	take_from(&l, "bb", "2/2", 50, 1000);
	take_from(&l, "aa", "1/2", 60, 2000);
	take_from(&l, "bb", "2/2", 60, 2000);
	take_from(&l, "cc", "2/2", 55, 4000);	/* the second shard, after a restart */
	take_from(&l, "cc", "2/2", 55, 5000);
	CHECK(count_of(&l, LOGS_FETCH) == 3);
	take_from(&l, "cc", "2/2", 56, 6000);	/* bb has missed three of its records now */
	CHECK(count_of(&l, LOGS_FETCH) == 2);
	CHECK_TEXT(span_str(logs_next(&l, LOGS_FETCH, NULL)->name), "aa");
	CHECK(logs_sum(&l, LOGS_FETCH, "entries") == 116);
	CHECK(logs_best(&l.list[0], 6000)->of == logs_next(&l, LOGS_FETCH, NULL));
	take_from(&l, "dd", "2/2", 80, 7000);	/* the place of bb is used again, and nothing of it is left */
	CHECK(count_of(&l, LOGS_FETCH) == 3 && l.host_count == 3);
	CHECK(figures_get(&logs_best(&l.list[0], 7000)->figures, &figures_log, "next", -1) == 80);
	logs_free(&l);
}

static void
runs_beyond_the_limit_replace_those_silent_for_longest(void)
{
	struct logs l = { .count = 0 };
	char name[20];

	for (unsigned i = 0; i < MAX_PRODUCERS + 10; i++) {
		snprintf(name, sizeof(name), "p%u", i);
		take_from(&l, name, "", i, 1000 + i);
	}
	CHECK(count_of(&l, LOGS_FETCH) == MAX_PRODUCERS);
	CHECK(logs_best(&l.list[0], 2000)->at == 1000 + MAX_PRODUCERS + 9);
	for (const struct logs_producer *p = NULL; (p = logs_next(&l, LOGS_FETCH, p)) != NULL;)
		CHECK(p->at >= 1010);
	logs_free(&l);
}

static void
hosts_and_the_other_tools_are_kept_too(void)
{
	struct logs l = { .count = 0 };

	take(&l, "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"hosts\":[{\"name\":\"https://h\",\"rate\":2.5,"
	    "\"paused_why\":\"\"},{\"name\":\"https://h\",\"rate\":3.5},7,{}]}", 1);
	take(&l, "{\"message_type\":\"status\",\"stage\":\"ct-parse\",\"entries\":5,\"dropped\":2}", 1);
	take(&l, "{\"message_type\":\"status\",\"stage\":\"ct-hub\",\"epoch\":18446744073709551615,\"readers\":2}", 1);
	take(&l, "{\"message_type\":\"status\",\"stage\":\"other\",\"entries\":5}", 1);
	take(&l, "{\"message_type\":\"malformed\",\"index\":1}", 1);
	take(&l, "{\"message_type\":\"mark\",\"version\":2}", 1);
	CHECK(l.host_count == 1 && figures_get(&l.hosts[0].figures, &figures_host, "rate", -1) == 3.5);
	CHECK(figures_get(&logs_next(&l, LOGS_PARSE, NULL)->figures, &figures_parse, "dropped", -1) == 2);
	CHECK(figures_get(&logs_next(&l, LOGS_HUB, NULL)->figures, &figures_hub, "readers", -1) == 2);
	CHECK(l.other == 1 && l.malformed == 1);
	logs_free(&l);
}

static void
texts_are_cut_and_cleaned(void)
{
	struct logs l = { .count = 0 };
	struct buf line;

	take(&l, STATUS(LOG("a\\u0000\\n\\\"b\xff", "https://l.example/\\u0007", "")), 1);
	CHECK(l.count == 1);
	CHECK_TEXT(span_str(l.list[0].name), "a??\"b?");
	CHECK_TEXT(span_str(l.list[0].url), "l.example/?");
	buf_init(&line);
	buf_puts(&line, "{\"message_type\":\"head\",\"log_id\":\"X\",\"name\":\"");
	for (int i = 0; i < 150; i++)
		buf_puts(&line, "\xc3\xbc");
	buf_puts(&line, "\"}");
	logs_take_record(&l, buf_span(&line), 1);
	CHECK(l.count == 2 && strlen(l.list[1].name) == MAX_LOGS_TEXT);
	buf_free(&line);
	logs_free(&l);
}

static void
logs_beyond_the_limit_are_counted_as_left_out(void)
{
	struct logs l = { .count = 0 };
	char source[100];

	for (int i = 0; i < MAX_LOGS + 10; i++) {
		snprintf(source, sizeof(source), "{\"name\":\"L%d\",\"url\":\"https://l.example/%d\"}", i, i);
		take_event(&l, source);
	}
	CHECK(l.count == MAX_LOGS && l.left_out == 10);
	take_event(&l, "{\"name\":\"L3\",\"url\":\"https://l.example/3\"}");
	CHECK(l.list[3].events == 2);
	take(&l, "{\"message_type\":\"head\",\"log_id\":\"Z\",\"name\":\"Z\"}", 1);
	CHECK(l.count == MAX_LOGS);
	logs_free(&l);
}

static void
numbers_that_none_of_ours_can_be_are_not_kept(void)
{
	struct logs l = { .count = 0 };

	take(&l, "{\"message_type\":\"status\",\"stage\":\"ct-parse\",\"entries\":-5,\"malformed\":1e999,"
	    "\"dropped\":\"7\",\"mismatched\":[1],\"passed\":0.00000000000000000000000000000000000000000001,"
	    "\"broken\":4}", 1);
	CHECK(l.records[LOGS_PARSE] == 1);
	CHECK(logs_next(&l, LOGS_PARSE, NULL)->figures.known == 1u << 5);
	logs_free(&l);
}

static void
broken_records_change_nothing_that_matters(void)
{
	static const char record[] = STATUS(LOG("A", "https://l.example/a/", ",\"lag\":1") ","
	    LOG("B", "https://l.example/b/", ",\"lag\":[1,{}]"));
	struct logs l = { .count = 0 };

	for (size_t n = 0; n < sizeof(record) - 1; n++)
		logs_take_record(&l, span_of(record, n), 1);
	CHECK(l.records[LOGS_FETCH] == 0);
	logs_free(&l);
	CHECK(l.count == 0 && l.list == NULL);
}

int
main(void)
{
	RUN(an_event_of_format_go_says_its_log_kind_and_time);
	RUN(an_event_of_format_calidog_says_its_log_and_kind);
	RUN(an_event_that_says_nothing_has_no_source);
	RUN(events_are_counted_by_the_bare_url_of_their_log);
	RUN(a_status_record_replaces_what_was_said_before);
	RUN(events_and_records_of_a_log_come_together);
	RUN(what_a_status_said_ends_when_no_other_comes);
	RUN(the_word_of_the_run_that_is_furthest_counts);
	RUN(a_run_that_was_begun_anew_stands_in_for_the_one_before);
	RUN(runs_beyond_the_limit_replace_those_silent_for_longest);
	RUN(hosts_and_the_other_tools_are_kept_too);
	RUN(texts_are_cut_and_cleaned);
	RUN(logs_beyond_the_limit_are_counted_as_left_out);
	RUN(numbers_that_none_of_ours_can_be_are_not_kept);
	RUN(broken_records_change_nothing_that_matters);
	return unit_end();
}
