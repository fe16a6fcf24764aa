/* Unit tests of the panel, the table of logs that ct-fetch shows people. */
#include <stdlib.h>

#include "ct-fetch/panel.h"
#include "tests/unit/unit.h"

enum {
	MINUTE = 60 * 1000,
	HOUR = 60 * MINUTE,
};

static const struct log_view live = {
	.name = "Google 'Argon2026h1' log", .error = "", .pause_why = "", .state = LOG_LIVE, .placed = true, .has_head = true,
	.next = 1234567890, .size = 1234567894, .lag = 4, .behind = 1000, .head_age = 5000,
	.rate = 120.4,
};

static const struct log_view behind = {
	.name = "Cloudflare 'Nimbus2026' Log", .error = "", .pause_why = "", .state = LOG_BEHIND, .placed = true,
	.has_head = true, .next = 5000, .size = 95000, .lag = 90000, .behind = 3 * HOUR,
	.head_age = 5000, .rate = 2000,
};

static const struct log_view dead = {
	.name = "127.0.0.1:9/dead/", .error = "checkpoint: HTTP 503", .pause_why = "",
	.state = LOG_PAUSED,
	.behind = LOG_NEVER, .head_age = LOG_NEVER, .trouble_age = 3 * HOUR, .pause = 27001,
};

/* Writes the panel of n logs to out, and returns how many lines it has. */
static unsigned
shown(const struct log_view *logs, size_t n, unsigned width, unsigned height, struct buf *out)
{
	struct panel p = {
		.logs = logs, .n = n, .entries = 1234567, .rate = 2120.4, .width = width, .height = height,
	};
	unsigned lines = 1;

	buf_reset(out);
	panel_put(&p, out);
	for (size_t i = 0; i < out->n; i++)
		lines += out->p[i] == '\n';
	return lines;
}

/* Returns the columns of the longest line. */
static size_t
widest(const struct buf *text)
{
	size_t most = 0, n = 0;

	for (size_t i = 0; i < text->n; i++) {
		n = text->p[i] == '\n' ? 0 : n + 1;
		most = n > most ? n : most;
	}
	return most;
}

static bool
has(struct buf *text, const char *part)
{
	return strstr(buf_str(text), part) != NULL;
}

static void
there_is_a_summary_and_a_line_for_each_log(void)
{
	const struct log_view logs[] = { live, behind, dead };
	struct buf out = { 0 };

	CHECK(shown(logs, 3, 0, 0, &out) == 5);
	CHECK_TEXT(buf_span(&out),
	    "1,234,567 entries, 2,120/s, 1 of 3 logs live, 1 in trouble, 1 behind by 90,000\n"
	    "LOG                                   NEXT     LAG  BEHIND     RATE  STATE\n"
	    "Google 'Argon2026h1' log     1,234,567,890       4     1 s    120/s  live\n"
	    "Cloudflare 'Nimbus2026' Log          5,000  90,000     3 h  2,000/s  catching up\n"
	    "127.0.0.1:9/dead/                                             0.0/s  "
	    "paused 28 s, for 3 h: checkpoint: HTTP 503");
	buf_free(&out);
}

static void
it_fits_any_width_and_height(void)
{
	struct log_view logs[40];
	struct buf out = { 0 };

	for (size_t i = 0; i < 40; i++)
		logs[i] = i % 3 == 0 ? live : i % 3 == 1 ? behind : dead;
	for (unsigned width = 1; width < 150; width++)
		for (unsigned height = 1; height < 50; height++) {
			CHECK(shown(logs, 40, width, height, &out) <= height);
			CHECK(widest(&out) <= width);
		}
	buf_free(&out);
}

static void
below_four_lines_only_the_summary_is_left(void)
{
	const struct log_view logs[] = { live, live };
	struct buf out = { 0 };

	CHECK(shown(logs, 2, 80, 4, &out) == 4);
	CHECK(shown(logs, 2, 80, 3, &out) == 1);
	CHECK_TEXT(buf_span(&out), "1,234,567 entries, 2,120/s, 2 of 2 logs live");
	buf_free(&out);
}

static void
in_a_narrow_table_names_shrink_and_columns_go(void)
{
	const struct log_view logs[] = { live, dead };
	struct buf out = { 0 };

	(void)shown(logs, 2, 61, 0, &out);
	CHECK(has(&out, "\nArgon2026h1") && has(&out, "1,234,567,890") && has(&out, "120/s"));
	(void)shown(logs, 2, 40, 0, &out);
	CHECK(has(&out, "\nArgon2026h1") && !has(&out, "1,234,567,890") && has(&out, "  live"));
	(void)shown(logs, 2, 10, 0, &out);
	CHECK(has(&out, "\nArgon2026+") && has(&out, "\n+1:9/dead/"));
	buf_free(&out);
}

static void
what_is_not_shown_is_the_least_interesting(void)
{
	struct log_view logs[9], gap = live;
	struct buf out = { 0 };

	gap.gaps = 77000;
	for (size_t i = 0; i < 9; i++)
		logs[i] = live;
	logs[5] = gap;
	logs[7] = behind;
	logs[8] = dead;
	CHECK(shown(logs, 9, 0, 6, &out) == 6);
	CHECK(has(&out, "dead") && has(&out, "catching up") && has(&out, "owes 77,000 of before"));
	CHECK(strstr(buf_str(&out), "dead") < strstr(buf_str(&out), "catching up"));
	CHECK(has(&out, "\nand 6 more, all well"));
	CHECK(shown(logs, 9, 0, 4, &out) == 4);
	CHECK(has(&out, "\nand 8 more, 6 of them well"));
	buf_free(&out);
}

static void
logs_that_all_fit_keep_their_order(void)
{
	const struct log_view logs[] = { live, behind, dead };
	struct buf out = { 0 };

	CHECK(shown(logs, 3, 0, 5, &out) == 5);
	CHECK(strstr(buf_str(&out), "Argon") < strstr(buf_str(&out), "Nimbus"));
	CHECK(strstr(buf_str(&out), "Nimbus") < strstr(buf_str(&out), "dead"));
	buf_free(&out);
}

static void
what_is_not_known_stays_empty(void)
{
	struct log_view fresh = dead;
	struct buf out = { 0 };

	fresh.state = LOG_STARTING;
	(void)shown(&fresh, 1, 0, 0, &out);
	CHECK(has(&out, "LOG                NEXT  LAG  BEHIND   RATE  STATE\n"
	    "127.0.0.1:9/dead/                     0.0/s  starting"));
	buf_free(&out);
}

static void
a_log_that_is_well_but_whose_host_is_left_alone_says_why(void)
{
	struct log_view limited = live;
	struct buf out = { 0 };

	limited.state = LOG_PAUSED;
	limited.pause = 30000;
	limited.pause_why = "HTTP 429";
	limited.error = "get-entries 0-31: HTTP 500";
	(void)shown(&limited, 1, 0, 0, &out);
	CHECK(has(&out, "  paused 30 s: its host: HTTP 429"));
	buf_free(&out);
}

static void
a_head_that_is_old_is_told(void)
{
	struct log_view stale = live;
	struct buf out = { 0 };

	stale.head_age = 26ULL * HOUR;
	(void)shown(&stale, 1, 0, 0, &out);
	CHECK(has(&out, "live, head is 26 h old"));
	buf_free(&out);
}

static void
bytes_that_steer_a_terminal_become_question_marks(void)
{
	struct log_view hostile = dead;
	struct buf out = { 0 };

	hostile.name = "a\033[2Jb\xc2\x9b" "c\xe2\x80\xae" "d\xff";
	hostile.error = "tile: \r\n\a";
	(void)shown(&hostile, 1, 0, 0, &out);
	CHECK(has(&out, "\na?[2Jb?c?d?  ") && has(&out, "tile: ???"));
	for (size_t i = 0; i < out.n; i++)
		CHECK(out.p[i] == '\n' || (out.p[i] >= ' ' && out.p[i] <= '~'));
	buf_free(&out);
}

static void
a_run_without_logs_has_a_summary(void)
{
	struct buf out = { 0 };

	CHECK(shown(NULL, 0, 80, 24, &out) == 1);
	CHECK_TEXT(buf_span(&out), "1,234,567 entries, 2,120/s, 0 of 0 logs live");
	buf_free(&out);
}

int
main(void)
{
	RUN(there_is_a_summary_and_a_line_for_each_log);
	RUN(it_fits_any_width_and_height);
	RUN(below_four_lines_only_the_summary_is_left);
	RUN(in_a_narrow_table_names_shrink_and_columns_go);
	RUN(what_is_not_shown_is_the_least_interesting);
	RUN(logs_that_all_fit_keep_their_order);
	RUN(what_is_not_known_stays_empty);
	RUN(a_log_that_is_well_but_whose_host_is_left_alone_says_why);
	RUN(a_head_that_is_old_is_told);
	RUN(bytes_that_steer_a_terminal_become_question_marks);
	RUN(a_run_without_logs_has_a_summary);
	return unit_end();
}
