/* ct-ws/health, stats and rate: what /health/deep and /stats say. */
#include "unit.h"

#include "ct-ws/site/rate.h"
#include "ct-ws/site/report.h"
#include "ct-ws/site/stats.h"
#include "enc/json.h"

/* A report at the time now, of a site that has counted little and been told line. */
struct scene {
	struct metrics counted;
	struct tally tally;
	struct logs logs;
	struct health health;
	struct report report;
	struct buf out;
};

static void
scene_init(struct scene *s, uint64_t now)
{
	*s = (struct scene){ .counted = { .holes = 2, .missed = 30, .regular = 4, .precert = 3,
		.started = 500, .connections = 2, .requests = 9 } };
	health_begin(&s->health, HEALTH_STALE_S, 500);
	s->report = (struct report){ &s->counted, &s->tally, &s->logs, &s->health, .events = 7,
		.events_rate = 2.25, .now = now };
}

static void
scene_free(struct scene *s)
{
	logs_free(&s->logs);
	tally_free(&s->tally);
	buf_free(&s->out);
}

static void
check_put(struct scene *s, const char *want)
{
	buf_reset(&s->out);
	health_put(&s->report, &s->out);
	CHECK_TEXT(buf_span(&s->out), want);
}

static void
a_hub_that_is_heard_and_brings_certificates_is_good(void)
{
	struct scene s;

	scene_init(&s, 3050);
	s.health.hub = HEALTH_HUB_THERE;
	s.health.was_heard = true;
	s.health.heard = 1000;
	health_second(&s.health, 7, 1500);
	health_second(&s.health, 7, 2500);
	CHECK(health_is_good(&s.health, 3050));
	check_put(&s, "{\"status\":\"ok\",\"hub\":\"connected\",\"heard_ago\":2.050,\"event_ago\":1.550,"
	    "\"events\":7,\"holes\":2,\"missed\":30,\"feed\":null}\n");
	scene_free(&s);
}

static void
a_silent_hub_is_stale_and_the_reason_is_given(void)
{
	struct scene s;

	scene_init(&s, 17000);
	s.health.hub = HEALTH_HUB_SILENT;
	s.health.was_heard = true;
	s.health.heard = 1000;
	CHECK(!health_is_good(&s.health, 17000) && !health_has_hub(&s.health));
	check_put(&s, "{\"status\":\"stale\",\"why\":\"nothing comes from the hub, though it has "
	    "not closed the connection\",\"hub\":\"silent\",\"heard_ago\":16.000,\"event_ago\":null,"
	    "\"events\":7,\"holes\":2,\"missed\":30,\"feed\":null}\n");
	scene_free(&s);
}

static void
before_the_first_connection_the_hub_is_away_and_was_never_heard(void)
{
	struct scene s;

	scene_init(&s, 505);
	CHECK(!health_is_good(&s.health, 505));
	check_put(&s, "{\"status\":\"stale\",\"why\":\"ct-ws is not connected to the hub\","
	    "\"hub\":\"away\",\"heard_ago\":null,\"event_ago\":null,\"events\":7,\"holes\":2,"
	    "\"missed\":30,\"feed\":null}\n");
	scene_free(&s);
}

static void
a_feed_without_certificates_is_stale_until_one_comes(void)
{
	struct scene s;
	uint64_t late = 500 + HEALTH_STALE_S * 1000 + 1;

	scene_init(&s, late);
	s.health.hub = HEALTH_HUB_THERE;
	CHECK(health_is_good(&s.health, late - 1));
	CHECK(!health_is_good(&s.health, late));
	check_put(&s, "{\"status\":\"stale\",\"why\":\"no certificate has come from the hub for 300 "
	    "seconds\",\"hub\":\"connected\",\"heard_ago\":null,\"event_ago\":null,\"events\":7,"
	    "\"holes\":2,\"missed\":30,\"feed\":null}\n");
	health_second(&s.health, 1, late);
	CHECK(health_is_good(&s.health, late));
	health_begin(&s.health, 0, 1);
	s.health.hub = HEALTH_HUB_THERE;
	CHECK(health_is_good(&s.health, 1000 * late));
	scene_free(&s);
}

static void
logs_that_lag_are_named_with_their_last_error(void)
{
	struct scene s;

	scene_init(&s, 3000);
	s.health.hub = HEALTH_HUB_THERE;
	logs_take_record(&s.logs, SPAN("{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"logs\":["
	    "{\"name\":\"Fine\",\"url\":\"https://a/\",\"state\":\"live\",\"behind\":2,\"trouble\":0},"
	    "{\"name\":\"Slow \\\"<b>\",\"url\":\"https://b/\",\"state\":\"catching up\",\"lag\":7000,\"gaps\":0,"
	    "\"behind\":301.5,\"trouble\":0,\"last_error\":\"HTTP 429\",\"last_error_time\":1700000000.123},"
	    "{\"name\":\"Done\",\"url\":\"https://d/\",\"state\":\"done\",\"behind\":9999},"
	    "{\"name\":\"Lost\",\"url\":\"https://c/\",\"state\":\"failed\",\"lag\":null}]}"), 2000);
	check_put(&s, "{\"status\":\"ok\",\"hub\":\"connected\",\"heard_ago\":null,\"event_ago\":null,"
	    "\"events\":7,\"holes\":2,\"missed\":30,\"feed\":{\"lagging\":["
	    "{\"name\":\"Slow \\\"<b>\",\"url\":\"b\",\"state\":\"catching up\",\"lag\":7000,\"gaps\":0,"
	    "\"behind\":301.5,\"trouble\":0,\"last_error\":\"HTTP 429\",\"last_error_time\":1700000000.123},"
	    "{\"name\":\"Lost\",\"url\":\"c\",\"state\":\"failed\",\"lag\":null,\"gaps\":null,"
	    "\"behind\":null,\"trouble\":null,\"last_error\":\"\",\"last_error_time\":null}],"
	    "\"logs\":4,\"status_ago\":1.000}}\n");
	scene_free(&s);
}

static void
the_stats_have_numbers_and_no_address(void)
{
	struct scene s;
	struct json j;

	scene_init(&s, 2500);
	s.tally = (struct tally){ .count = 2, .rows = {
		{ "lite", "websocket", 2, 1, 0, 5, 60, 700, 8 }, { "full", "sse", 1, 0, 1, 1, 2, 30, 4 } } };
	logs_take_record(&s.logs, SPAN("{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"logs\":["
	    "{\"name\":\"A\",\"url\":\"https://a/\\\"\",\"state\":\"live\",\"lag\":12,\"behind\":1.5}]}"),
	    2000);
	stats_put(&s.report, &s.out);
	CHECK_TEXT(buf_span(&s.out), "{\"version\":\"0.1.0\",\"uptime\":2.000,\"hub\":\"away\","
	    "\"events_per_second\":2.2,\"bytes_per_second\":0,\"events\":7,\"regular\":4,\"precert\":3,"
	    "\"missed\":30,\"clients\":3,\"connections\":2,\"requests\":9,\"refused\":0,\"bytes\":730,"
	    "\"skipped\":12,\"streams\":[{\"stream\":\"lite\",\"wire\":\"websocket\",\"clients\":2,"
	    "\"filtered\":1,\"blocked\":0,\"opened\":5,\"frames\":60,\"bytes\":700,\"skipped\":8},"
	    "{\"stream\":\"full\",\"wire\":\"sse\",\"clients\":1,\"filtered\":0,\"blocked\":1,\"opened\":1,"
	    "\"frames\":2,\"bytes\":30,\"skipped\":4}],\"processed_certificates\":7,"
	    "\"workers\":{\"a/\\\"\":0},\"logs\":[{\"name\":\"A\",\"url\":\"a/\\\"\",\"operator\":\"\","
	    "\"state\":\"live\",\"events\":0,\"newest\":null,\"lag\":12,\"behind\":1.5,"
	    "\"trouble\":null}]}\n");
	json_init(&j, buf_span(&s.out));
	CHECK(json_skip(&j, NULL) && json_done(&j));
	scene_free(&s);
}

static void
what_a_status_record_said_of_a_log_is_null_in_the_stats_when_it_is_old(void)
{
	const char *end = "\"state\":\"\",\"events\":0,\"newest\":null,\"lag\":null,\"behind\":null,"
	    "\"trouble\":null}]}\n";
	struct scene s;

	scene_init(&s, 2000 + LOGS_OLD_MS + 1);
	logs_take_record(&s.logs, SPAN("{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"logs\":["
	    "{\"name\":\"A\",\"url\":\"https://a/\",\"state\":\"live\",\"lag\":12,\"behind\":1.5}]}"), 2000);
	stats_put(&s.report, &s.out);
	CHECK(s.out.n > strlen(end));
	CHECK_TEXT(span_from(buf_span(&s.out), s.out.n - strlen(end)), end);
	scene_free(&s);
}

static void
a_rate_is_that_of_the_last_ten_seconds(void)
{
	struct rate r = { .taken = 0 };

	CHECK(rate_get(&r) == 0);
	rate_second(&r, 100, 1000);
	CHECK(rate_get(&r) == 0);
	rate_second(&r, 150, 2000);
	CHECK(rate_get(&r) == 50);
	for (uint64_t i = 2; i <= 20; i++)
		rate_second(&r, 150 + (i > 10 ? (i - 10) * 20 : 0), 1000 + i * 1000);
	CHECK(rate_get(&r) == 20);
}

int
main(void)
{
	RUN(a_hub_that_is_heard_and_brings_certificates_is_good);
	RUN(a_silent_hub_is_stale_and_the_reason_is_given);
	RUN(before_the_first_connection_the_hub_is_away_and_was_never_heard);
	RUN(a_feed_without_certificates_is_stale_until_one_comes);
	RUN(logs_that_lag_are_named_with_their_last_error);
	RUN(the_stats_have_numbers_and_no_address);
	RUN(what_a_status_record_said_of_a_log_is_null_in_the_stats_when_it_is_old);
	RUN(a_rate_is_that_of_the_last_ten_seconds);
	return unit_end();
}
