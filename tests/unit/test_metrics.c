/*
 * ct-ws/metrics and expo: what Prometheus is shown. Every line of both texts is read by the rules of the
 * formats: each family is told of once and has its samples behind that, no sample stands twice, and labels
 * are escaped.
 */
#include "unit.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>

#include "ct-ws/site/report.h"

#define NAME "[a-z_][a-z0-9_]*"
#define LABEL NAME "=\"([^\"\\\n]|\\\\[\"\\n])*\""
#define SAMPLE "^(" NAME ")([{]" LABEL "(," LABEL ")*[}])? -?[0-9]+([.][0-9]+)?(e[+-][0-9]+)?$"

enum { MAX_LINES = 2000 };

/* A report of a site that has been told of two logs, one with a hostile name, and has a slow client. */
struct scene {
	struct metrics counted;
	struct tally tally;
	struct logs logs;
	struct health health;
	struct report report;
	struct buf out;
};

static void
scene_init(struct scene *s)
{
	static const char *const records[] = {
		"{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"entries\":9,\"good\":3,\"cut\":1,\"limited\":2,"
		"\"hosts\":[{\"name\":\"https://h\",\"rate\":0.5,\"good\":3,\"failed\":1}],\"logs\":["
		"{\"log_id\":\"AA\",\"name\":\"Evil\\\\ \\\"\\n}{\",\"operator\":\"\\\"Op\\\"\",\"url\":\"https://a.example/x/\","
		"\"state\":\"live\",\"lag\":4,\"behind\":1.25,\"good\":7,\"failed\":2,\"errors\":2},"
		"{\"log_id\":\"BB\",\"name\":\"B\",\"operator\":\"O\",\"url\":\"https://b.example/\",\"state\":\"paused\",\"lag\":null}]}",
		"{\"message_type\":\"status\",\"stage\":\"ct-parse\",\"entries\":9,\"dropped\":5}",
		"{\"message_type\":\"head\",\"log_id\":\"CC\",\"name\":\"C\",\"tree_size\":9,\"next\":2,\"timestamp\":1500,\"verified\":false}",
	};

	*s = (struct scene){ .counted = { .regular = 4, .precert = 3, .started = 500 } };
	s->tally = (struct tally){ .count = 2, .rows = {
		{ "lite", "websocket", 2, 1, 0, 5, 60, 700, 8 }, { "full", "sse", 1, 0, 1, 1, 2, 30, 4 } } };
	tally_add_slow(&s->tally, 17, 8);
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++)
		logs_take_record(&s->logs, span_str(records[i]), 1000);
	s->health.hub = HEALTH_HUB_THERE;
	s->report = (struct report){ &s->counted, &s->tally, &s->logs, &s->health, .events = 7,
		.now = 2000, .unix_ms = 10000 };
}

static void
scene_free(struct scene *s)
{
	logs_free(&s->logs);
	tally_free(&s->tally);
	buf_free(&s->out);
}

static bool
has_line(struct scene *s, const char *line)
{
	struct buf want;
	bool has;

	buf_init(&want);
	buf_putf(&want, "\n%s\n", line);
	has = memmem(s->out.p, s->out.n, want.p, want.n) != NULL;
	buf_free(&want);
	if (!has)
		CHECK_TEXT(SPAN("missing"), line);
	return has;
}

static bool
seen_before(char **lines, size_t n, const char *line, size_t length)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(lines[i], line, length) == 0)
			return true;
	return false;
}

/* Checks text by the rules of the format. */
static void
check_format(char *text, bool openmetrics)
{
	static char *helps[MAX_LINES], *samples[MAX_LINES];
	size_t helps_n = 0, samples_n = 0, family_n = 0;
	const char *family = "", *type = "";
	regex_t sample;

	CHECK(regcomp(&sample, SAMPLE, REG_EXTENDED) == 0);
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		if (strcmp(line, "# EOF") == 0 && openmetrics) {
			CHECK(strtok(NULL, "\n") == NULL);
			openmetrics = false;	/* it has been found */
			break;
		}
		if (strncmp(line, "# HELP ", 7) == 0) {
			family = line + 7;
			family_n = strcspn(family, " ");
			CHECK(strlen(family) > family_n + 8 && strpbrk(family, "\"\\") == NULL);
			CHECK(!seen_before(helps, helps_n, family, family_n + 1));
			helps[helps_n++] = line + 7;
			line = strtok(NULL, "\n");
			CHECK(strncmp(line, "# TYPE ", 7) == 0 && strncmp(line + 7, family, family_n + 1) == 0);
			type = line + 7 + family_n + 1;
			CHECK(strcmp(type, "counter") == 0 || strcmp(type, "gauge") == 0 ||
			    strcmp(type, openmetrics ? "unknown" : "untyped") == 0);
			CHECK((strcmp(type, "gauge") == 0) <= (memcmp(family + family_n - 6, "_total", 6) != 0));
			continue;
		}
		if (regexec(&sample, line, 0, NULL, 0) != 0)
			CHECK_TEXT(SPAN("a sample"), line);
		CHECK(strncmp(line, family, family_n) == 0);
		CHECK(strcmp(type, "counter") != 0 || !openmetrics ||
		    strncmp(line + family_n, "_total", 6) == 0);
		CHECK(!seen_before(samples, samples_n, line, (size_t)(strrchr(line, ' ') + 1 - line)));
		samples[samples_n++] = line;
	}
	CHECK(!openmetrics && helps_n > 40 && samples_n > 60);
	regfree(&sample);
}

static void
both_texts_keep_to_their_formats(void)
{
	struct scene s;

	for (int open = 0; open < 2; open++) {
		scene_init(&s);
		metrics_put(&s.report, open, &s.out);
		CHECK(s.out.p[s.out.n - 1] == '\n');
		buf_putc(&s.out, '\0');
		check_format((char *)s.out.p, open);
		scene_free(&s);
	}
}

static void
names_of_the_other_servers_have_their_numbers(void)
{
	struct scene s;

	scene_init(&s);
	s.counted.turned_away[DOOR_FULL] = 1;
	s.counted.turned_away[DOOR_ADDRESS] = 2;
	s.counted.turned_away[DOOR_NO_TOKEN] = 4;
	s.counted.turned_away[DOOR_BAD_TOKEN] = 8;
	s.report.worker_deaths = 6;
	metrics_put(&s.report, false, &s.out);
	has_line(&s, "certstreamservergo_certificates_total{type=\"precert\"} 3");
	has_line(&s, "certstreamservergo_certs_by_log_total{url=\"b.example\",operator=\"O\"} 0");
	has_line(&s, "certstreamservergo_clients_total{type=\"lite\"} 2");
	has_line(&s, "certstreamservergo_skipped_certs{client=\"17\"} 8");
	has_line(&s, "certstream_ct_log_lag_entries{log=\"C\"} 7");	/* of the head */
	has_line(&s, "certstream_bytes_sent_total{protocol=\"ws\"} 700");
	has_line(&s, "certstream_connection_limit_rejected 1");
	has_line(&s, "certstream_per_ip_limit_rejected 2");
	has_line(&s, "certstream_auth_rejected 12");
	has_line(&s, "certstream_worker_panics 6");
	has_line(&s, "certstream_ws_messages_lagged 8");
	has_line(&s, "certstream_sse_messages_lagged 4");
	has_line(&s, "certstream_duplicates_filtered 5");
	scene_free(&s);
}

static void
what_status_records_say_is_shown(void)
{
	struct scene s;

	scene_init(&s);
	metrics_put(&s.report, false, &s.out);
	has_line(&s, "ct_fetch_entries_total 9");
	has_line(&s, "ct_fetch_answers_total{outcome=\"limited\"} 2");
	has_line(&s, "ct_status_age_seconds{stage=\"ct-parse\"} 1");
	has_line(&s, "ct_log_behind_seconds{log=\"Evil\\\\ \\\"?}{\",url=\"a.example/x\"} 1.25");
	has_line(&s, "ct_log_state{log=\"B\",url=\"b.example\",state=\"paused\"} 1");
	has_line(&s, "ct_log_head_proven{log=\"C\",url=\"CC\"} 0");
	has_line(&s, "ct_host_limit_requests_per_second{host=\"https://h\"} 0.5");
	has_line(&s, "ct_ws_bus_connected 1");
	scene_free(&s);
}

/* Two shards, each with a ct-parse of its own, on one bus; a log on the one host of both. */
static void
several_producers_do_not_overwrite_each_other(void)
{
	static const char *const records[] = {
		"{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"producer\":\"aa\",\"shard\":\"1/2\",\"entries\":5,"
		"\"hosts\":[{\"name\":\"https://g\",\"good\":1}],\"logs\":[{\"name\":\"L\",\"url\":\"https://l/\",\"state\":"
		"\"live\",\"lag\":1}]}",
		"{\"message_type\":\"status\",\"stage\":\"ct-parse\",\"producer\":\"pa\",\"entries\":5,\"dropped\":1}",
		"{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"producer\":\"bb\",\"shard\":\"2/2\",\"entries\":7,"
		"\"limited\":4,\"hosts\":[{\"name\":\"https://g\",\"good\":2}],\"logs\":[{\"name\":\"L\",\"url\":\"https://l/\","
		"\"state\":\"paused\",\"lag\":2}]}",
		"{\"message_type\":\"status\",\"stage\":\"ct-parse\",\"producer\":\"pb\",\"entries\":7,\"dropped\":2}",
	};
	struct scene s;

	scene_init(&s);
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++)
		logs_take_record(&s.logs, span_str(records[i]), 1500);
	metrics_put(&s.report, false, &s.out);
	has_line(&s, "ct_fetch_entries_total{producer=\"aa\",shard=\"1/2\"} 5");
	has_line(&s, "ct_fetch_entries_total{producer=\"bb\",shard=\"2/2\"} 7");
	has_line(&s, "ct_parse_entries_total{producer=\"pa\"} 5");
	has_line(&s, "ct_parse_entries_total{producer=\"pb\"} 7");
	has_line(&s, "ct_status_records_total{stage=\"ct-fetch\"} 3");
	has_line(&s, "ct_status_age_seconds{stage=\"ct-fetch\",producer=\"aa\",shard=\"1/2\"} 0.5");
	has_line(&s, "ct_host_answers_total{host=\"https://g\",producer=\"aa\",shard=\"1/2\",outcome=\"good\"} 1");
	has_line(&s, "ct_host_answers_total{host=\"https://g\",producer=\"bb\",shard=\"2/2\",outcome=\"good\"} 2");
	has_line(&s, "ct_log_lag_entries{log=\"L\",url=\"l\",producer=\"aa\",shard=\"1/2\"} 1");
	has_line(&s, "ct_log_lag_entries{log=\"L\",url=\"l\",producer=\"bb\",shard=\"2/2\"} 2");
	has_line(&s, "certstream_duplicates_filtered 8");
	has_line(&s, "certstream_ct_log_rate_limited_total 6");
	scene_free(&s);
}

static void
what_an_old_status_record_said_of_a_log_is_not_shown(void)
{
	struct scene s;

	scene_init(&s);
	s.report.now = 1001 + LOGS_OLD_MS;
	metrics_put(&s.report, false, &s.out);
	buf_putc(&s.out, '\0');
	CHECK(strstr((char *)s.out.p, "ct_log_behind_seconds") == NULL);
	CHECK(strstr((char *)s.out.p, "ct_host_answers_total") == NULL);
	CHECK(strstr((char *)s.out.p, "ct_log_events_total") != NULL);
	scene_free(&s);
}

int
main(void)
{
	RUN(both_texts_keep_to_their_formats);
	RUN(names_of_the_other_servers_have_their_numbers);
	RUN(what_status_records_say_is_shown);
	RUN(several_producers_do_not_overwrite_each_other);
	RUN(what_an_old_status_record_said_of_a_log_is_not_shown);
	return unit_end();
}
