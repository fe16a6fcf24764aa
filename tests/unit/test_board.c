/* Unit tests of the board, the lines and the table that ct-latest shows people of status records. */
#include <stdlib.h>

#include "base/buf.h"
#include "ct-latest/board.h"
#include "tests/unit/unit.h"

#define HUB "{\"message_type\":\"status\",\"stage\":\"ct-hub\",\"epoch\":5,\"records\":1200," \
	"\"events\":1000,\"marks_stored\":7,\"broken\":0,\"repeated\":0,\"readers\":2,\"behind\":0,\"dropped\":0}\n"
#define PARSE "{\"message_type\":\"status\",\"stage\":\"ct-parse\",\"producer\":\"ab\",\"entries\":1010," \
	"\"malformed\":3,\"dropped\":0,\"mismatched\":0,\"passed\":9,\"broken\":0}\n"
#define FETCH(shard, seen, logs) \
	"{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"producer\":\"cd\"" shard ",\"seen\":" seen \
	",\"entries\":1020,\"hosts\":[{\"name\":\"h\"}],\"logs\":[" logs "]}\n"
#define LOG(id, state, rest) \
	"{\"log_id\":\"" id "\",\"name\":\"Log '" id "'\",\"url\":\"https://" id ".example/\"," \
	"\"state\":\"" state "\",\"next\":4000,\"size\":4009,\"verified\":4000,\"lag\":9,\"gaps\":0," \
	"\"behind\":3.5,\"head_age\":5.0,\"rate\":12.0,\"errors\":0,\"last_error_time\":null," \
	"\"last_error\":\"\",\"trouble\":0.000" rest "}"

/* Writes the board of records to out, at 1000 s after 1970, and returns how many lines it has. */
static unsigned
shown(const char *records, unsigned width, unsigned height, struct buf *out)
{
	unsigned lines = 1;

	buf_reset(out);
	board_put(span_str(records), (struct board_room){ width, height }, 1000, out);
	for (size_t i = 0; i < out->n; i++)
		lines += out->p[i] == '\n';
	return lines;
}

static bool
has(struct buf *text, const char *part)
{
	return strstr(buf_str(text), part) != NULL;
}

static void
a_line_for_each_stage_stands_above_a_line_for_each_log(void)
{
	struct buf out = { 0 };

	CHECK(shown(FETCH("", "995.25", LOG("a", "live", "") "," LOG("b", "catching up", ",\"lag\":70000"))
	    PARSE HUB, 200, 50, &out) == 6);
	CHECK_TEXT(buf_span(&out),
	    "ct-hub: 1,000 certificates in 1,200 records, 2 readers, 7 marks stored\n"
	    "ct-parse: 1,010 entries, 3 malformed\n"
	    "ct-fetch: 1,020 entries, 24/s, 1 of 2 logs live, 1 behind by 9; 4 s ago\n"
	    "LOG       NEXT  LAG  BEHIND  RATE  VERIFIED  OWED  ERRORS  STATE\n"
	    "Log 'a'  4,000    9     3 s  12/s       all     0       0  live\n"
	    "Log 'b'  4,000    9     3 s  12/s       all     0       0  catching up");
	buf_free(&out);
}

static void
shards_have_a_line_each_and_their_logs_are_one_table(void)
{
	struct buf out = { 0 };

	CHECK(shown(FETCH(",\"shard\":\"1/2\"", "999", LOG("a", "live", ""))
	    FETCH(",\"shard\":\"2/2\"", "990", LOG("b", "live", "")) HUB, 200, 50, &out) == 6);
	CHECK(has(&out, "\nct-fetch 1/2: ") && has(&out, "; 1 s ago\nct-fetch 2/2: ") && has(&out, "; 10 s ago\n"));
	CHECK(has(&out, "\nLog 'a' ") && has(&out, "\nLog 'b' "));
	buf_free(&out);
}

static void
shards_and_their_logs_keep_their_order_whichever_told_last(void)
{
	struct buf out = { 0 };

	(void)shown(FETCH(",\"shard\":\"2/3\"", "999", LOG("a", "live", ""))
	    FETCH(",\"shard\":\"3/3\"", "999", LOG("c", "live", ""))
	    FETCH(",\"shard\":\"1/3\"", "990", LOG("b", "live", "")) HUB, 200, 50, &out);
	CHECK(strstr(buf_str(&out), "ct-fetch 1/3") < strstr(buf_str(&out), "ct-fetch 2/3"));
	CHECK(strstr(buf_str(&out), "ct-fetch 2/3") < strstr(buf_str(&out), "ct-fetch 3/3"));
	CHECK(strstr(buf_str(&out), "Log 'b'") < strstr(buf_str(&out), "Log 'a'"));
	CHECK(strstr(buf_str(&out), "Log 'a'") < strstr(buf_str(&out), "Log 'c'"));
	buf_free(&out);
}

static void
of_a_log_that_two_records_tell_about_the_newer_one_is_shown(void)
{
	struct buf out = { 0 };

	CHECK(shown(FETCH("", "999", LOG("a", "live", "")) FETCH("", "500", LOG("a", "starting", "")), 200, 50,
	    &out) == 4);
	CHECK(has(&out, "  live") && !has(&out, "starting"));
	CHECK(shown(FETCH("", "500", LOG("a", "starting", "")) FETCH("", "999", LOG("a", "live", "")), 200, 50,
	    &out) == 4);
	CHECK(has(&out, "  live") && !has(&out, "starting"));
	buf_free(&out);
}

static void
trouble_says_since_when_and_why_and_trouble_that_is_over_how_long_ago(void)
{
	struct buf out = { 0 };

	(void)shown("{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"seen\":1000,\"logs\":["
	    "{\"log_id\":\"a\",\"name\":\"A\",\"state\":\"paused\",\"next\":7,\"lag\":null,\"verified\":5,"
	    "\"gaps\":3,\"errors\":12,"
	    "\"last_error_time\":900,\"last_error\":\"get-sth: HTTP 503\",\"trouble\":240.5},"
	    "{\"log_id\":\"b\",\"name\":\"B\",\"state\":\"live\",\"next\":7,\"lag\":0,\"verified\":0,\"gaps\":3,"
	    "\"errors\":1,\"last_error_time\":940,\"last_error\":\"HTTP 429\",\"trouble\":0},"
	    "{\"log_id\":\"c\",\"name\":\"C\",\"state\":\"live\",\"next\":7,\"lag\":0,\"verified\":6,\"gaps\":0,"
	    "\"errors\":0,\"last_error_time\":null,\"last_error\":\"\",\"trouble\":0,\"head_age\":93600}]}\n",
	    200, 50, &out);
	CHECK(has(&out, "ct-fetch: 0 entries, 0.0/s, 2 of 3 logs live, 1 in trouble; 0 s ago\n"));
	CHECK(has(&out, "     3      12  paused, for 4 min: get-sth: HTTP 503\n"));
	CHECK(has(&out, "      none     3       1  live: 60 s ago HTTP 429\n"));
	CHECK(has(&out, "         6     0       0  live, head is 26 h old"));
	buf_free(&out);
}

static void
it_fits_any_width_and_height(void)
{
	struct buf records = { 0 }, out = { 0 };
	size_t n;

	buf_puts(&records, HUB PARSE);
	for (int shard = 1; shard <= 5; shard++) {
		buf_puts(&records, "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"shard\":\"1/5\",\"logs\":[");
		for (int i = 0; i < 9; i++)
			buf_putf(&records, "%s{\"log_id\":\"%d-%d\",\"name\":\"A log with a long name %d-%d\","
			    "\"state\":\"%s\",\"next\":123456789%d,\"lag\":%d,\"rate\":55.5,\"trouble\":0}",
			    i > 0 ? "," : "", shard, i, shard, i, i % 3 == 0 ? "live" : "paused", i, i * 1000);
		buf_puts(&records, "]}\n");
	}
	for (unsigned width = 1; width < 130; width++)
		for (unsigned height = 1; height < 60; height += height < 12 ? 1 : 7) {
			CHECK(shown(buf_str(&records), width, height, &out) <= height);
			n = 0;
			for (size_t i = 0; i < out.n; i++) {
				n = out.p[i] == '\n' ? 0 : n + 1;
				CHECK(n <= width);
			}
		}
	(void)shown(buf_str(&records), 80, 59, &out);
	CHECK(has(&out, "\nA log with ") && !has(&out, " more"));
	(void)shown(buf_str(&records), 80, 12, &out);
	CHECK(has(&out, "\nand 2 more stages\n") && has(&out, "\nand 41 more, 15 of them well"));
	CHECK(has(&out, "  paused") && !has(&out, "  live"));
	buf_free(&records);
	buf_free(&out);
}

static void
bytes_that_steer_a_terminal_become_question_marks(void)
{
	struct buf out = { 0 };

	(void)shown("{\"message_type\":\"status\",\"stage\":\"\\u001b[2J\",\"x\":1}\n"
	    "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"shard\":\"\\n\\u0007\",\"seen\":1000,\"logs\":["
	    "{\"log_id\":\"a\",\"name\":\"a\\u001b[2Jb\\u009bc\\u202ed\\ud800\",\"state\":\"\\r\\nlive\\t\","
	    "\"last_error\":\"tile: \\u0000\\u001b]0;x\\u0007\",\"last_error_time\":999,\"trouble\":1}]}\n",
	    200, 50, &out);
	CHECK(has(&out, "ct-fetch ??: "));
	CHECK(has(&out, "\na?[2Jb?c?d? ") && has(&out, "??live?: tile: ??]0;x?"));
	CHECK(has(&out, "\n?[2J: a status record of no known stage"));
	for (size_t i = 0; i < out.n; i++)
		CHECK(out.p[i] == '\n' || (out.p[i] >= ' ' && out.p[i] <= '~'));
	buf_free(&out);
}

static void
what_is_no_status_record_or_lacks_its_numbers_does_no_harm(void)
{
	struct buf out = { 0 };

	CHECK(shown("", 80, 24, &out) == 1);
	CHECK(has(&out, "no ct-fetch has told about its logs yet"));
	CHECK(shown("{\"data\":{}}\nnoise\n\n{\"message_type\":\"head\"}\n", 80, 24, &out) == 1);
	(void)shown("{\"message_type\":\"status\",\"stage\":\"ct-hub\",\"records\":-4,\"events\":1e999,"
	    "\"epoch\":1}\n"
	    "{\"message_type\":\"status\",\"stage\":5}\n{\"message_type\":\"status\"\n"
	    "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"logs\":7}\n"
	    "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"logs\":[1,null,[],{},"
	    "{\"next\":\"x\",\"lag\":{}}]}\n"
	    "{\"message_type\":\"status\",\"stage\":\"ct-fetch\",\"logs\":[{\"name\":\"whole\"},{\"name\":\n",
	    200, 50, &out);
	CHECK(has(&out, "ct-hub: 0 certificates in 0 records, no reader\n"));
	CHECK(has(&out, "\nwhole"));
	buf_free(&out);
}

int
main(void)
{
	RUN(a_line_for_each_stage_stands_above_a_line_for_each_log);
	RUN(shards_have_a_line_each_and_their_logs_are_one_table);
	RUN(shards_and_their_logs_keep_their_order_whichever_told_last);
	RUN(of_a_log_that_two_records_tell_about_the_newer_one_is_shown);
	RUN(trouble_says_since_when_and_why_and_trouble_that_is_over_how_long_ago);
	RUN(it_fits_any_width_and_height);
	RUN(bytes_that_steer_a_terminal_become_question_marks);
	RUN(what_is_no_status_record_or_lacks_its_numbers_does_no_harm);
	return unit_end();
}
