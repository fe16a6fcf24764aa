/* Unit tests of what ct-fetch shows of a log: its troubles, its rate, and ages in words. */
#include "base/span.h"
#include "ct-fetch/log/rate.h"
#include "ct-fetch/log/trouble.h"
#include "os/age.h"
#include "tests/unit/unit.h"

enum {
	MINUTE = 60 * 1000,
	HOUR = 60 * MINUTE,
	START = 7 * HOUR,	/* any time but 0 */
};

static bool
fails(struct trouble *t, uint64_t now)
{
	return trouble_take(t, now, "checkpoint", "HTTP 500");
}

static void
the_first_failure_is_told_and_those_behind_it_are_not(void)
{
	struct trouble t = { 0 };

	CHECK(fails(&t, START));
	CHECK(!fails(&t, START + 1));
	CHECK(!fails(&t, START + HOUR - 1));
	CHECK(t.count == 3 && t.row == 3 && t.since == START);
	CHECK_TEXT(span_str(t.why), "checkpoint: HTTP 500");
}

static void
lasting_trouble_is_told_every_hour_with_its_age(void)
{
	struct trouble t = { 0 };
	char age[MAX_TROUBLE_AGE];

	CHECK(fails(&t, START));
	CHECK_TEXT(span_str(trouble_age(&t, START, age)), "");
	CHECK(fails(&t, START + HOUR));
	CHECK_TEXT(span_str(trouble_age(&t, START + HOUR, age)), " for 60 min");
	CHECK(!fails(&t, START + HOUR + 30 * MINUTE));
	CHECK(fails(&t, START + 3 * HOUR));
	CHECK_TEXT(span_str(trouble_age(&t, START + 3 * HOUR, age)), " for 3 h");
}

static void
the_end_of_trouble_is_told_when_the_trouble_was(void)
{
	struct trouble t = { 0 };

	CHECK(!trouble_end(&t));
	CHECK(fails(&t, START));
	CHECK(trouble_end(&t));
	CHECK(!trouble_end(&t));
	CHECK(t.row == 0 && t.count == 1);
}

static void
trouble_that_comes_and_goes_is_told_every_five_minutes_at_most(void)
{
	struct trouble t = { 0 };

	CHECK(fails(&t, START));
	CHECK(trouble_end(&t));
	CHECK(!fails(&t, START + 4 * MINUTE));
	CHECK(!trouble_end(&t));
	CHECK(fails(&t, START + 6 * MINUTE));
}

static void
trouble_that_begins_quietly_and_stays_is_told_after_five_minutes(void)
{
	struct trouble t = { 0 };

	CHECK(fails(&t, START));
	CHECK(trouble_end(&t));
	CHECK(!fails(&t, START + MINUTE));
	CHECK(!fails(&t, START + 5 * MINUTE - 1));
	CHECK(fails(&t, START + 5 * MINUTE));
}

static void
a_long_reason_is_cut(void)
{
	struct trouble t = { 0 };
	char why[2 * MAX_TROUBLE];

	memset(why, 'x', sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	(void)trouble_take(&t, START, "tile", why);
	CHECK(strlen(t.why) == MAX_TROUBLE - 1);
}

static void
ages_are_in_the_largest_unit_that_there_are_two_of(void)
{
	static const struct {
		uint64_t seconds;
		const char *text;
	} cases[] = {
		{ 0, "0 s" }, { 119, "119 s" }, { 120, "2 min" }, { 7199, "119 min" },
		{ 7200, "2 h" }, { 172799, "47 h" }, { 172800, "2 d" }, { 34560000, "400 d" },
	};
	char age[MAX_AGE_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(span_str(age_write(age, cases[i].seconds * 1000 + 999)), cases[i].text);
	CHECK(strlen(age_write(age, UINT64_MAX)) < MAX_AGE_TEXT);
}

static void
a_rate_is_the_average_since_the_start_at_first(void)
{
	struct rate r = { 0 };

	rate_take(&r, 1000, START);
	CHECK(r.per_second == 0);
	rate_take(&r, 1100, START + 1000);
	CHECK(r.per_second > 99.9 && r.per_second < 100.1);
	rate_take(&r, 1100, START + 2000);
	CHECK(r.per_second > 49.9 && r.per_second < 50.1);
}

static void
a_rate_forgets_what_was_long_ago(void)
{
	struct rate r = { 0 };
	uint64_t count = 0;

	for (unsigned s = 0; s < 100; s++)
		rate_take(&r, count += s < 50 ? 500 : 20, START + s * 1000);
	CHECK(r.per_second > 20 && r.per_second < 25);
	rate_take(&r, count, START + 100 * 1000);
	rate_take(&r, count, START + 100 * 1000);
	CHECK(r.per_second > 0);
}

int
main(void)
{
	RUN(the_first_failure_is_told_and_those_behind_it_are_not);
	RUN(lasting_trouble_is_told_every_hour_with_its_age);
	RUN(the_end_of_trouble_is_told_when_the_trouble_was);
	RUN(trouble_that_comes_and_goes_is_told_every_five_minutes_at_most);
	RUN(trouble_that_begins_quietly_and_stays_is_told_after_five_minutes);
	RUN(a_long_reason_is_cut);
	RUN(ages_are_in_the_largest_unit_that_there_are_two_of);
	RUN(a_rate_is_the_average_since_the_start_at_first);
	RUN(a_rate_forgets_what_was_long_ago);
	return unit_end();
}
