/* ct-fetch/net/retry: what Retry-After says. */
#include "unit.h"

#include "ct-fetch/net/retry.h"

enum { NOW = 784111777 };	/* Sun, 06 Nov 1994 08:49:37 GMT */

static void
a_number_is_seconds(void)
{
	CHECK(retry_after("30", NOW) == 30000);
	CHECK(retry_after("  7", NOW) == 7000);
	CHECK(retry_after("89 ", NOW) == 89000);
}

static void
a_date_is_read_in_all_three_forms(void)
{
	CHECK(retry_after("Sun, 06 Nov 1994 08:50:07 GMT", NOW) == 30000);
	CHECK(retry_after("Sunday, 06-Nov-94 08:50:07 GMT", NOW) == 30000);
	CHECK(retry_after("Saturday, 21-Nov-26 04:30:30 GMT", 1795235400) == 30000);
	CHECK(retry_after("Sun Nov  6 08:50:07 1994", NOW) == 30000);
	CHECK(retry_after("sun, 6 NOV 1994 08:50:07 gmt", NOW) == 30000);
}

static void
a_year_of_two_digits_is_at_most_fifty_years_ahead(void)
{
	CHECK(retry_after("Sunday, 06-Nov-44 08:50:07 GMT", NOW) == 3600000);
	CHECK(retry_after("Sunday, 06-Nov-45 08:50:07 GMT", NOW) == 1000);
}

static void
the_names_of_utc_mean_utc(void)
{
	CHECK(retry_after("Sun, 06 Nov 1994 09:19:37 UTC", NOW) == 1800000);
	CHECK(retry_after("Sun, 06 Nov 1994 09:19:37 UT", NOW) == 1800000);
	CHECK(retry_after("Sun, 06 Nov 1994 09:19:37 Z", NOW) == 1800000);
	CHECK(retry_after("Sun, 06 Nov 1994 09:19:37", NOW) == 1800000);
}

static void
an_offset_is_applied(void)
{
	CHECK(retry_after("Sun, 06 Nov 1994 10:50:07 +0200", NOW) == 30000);
	CHECK(retry_after("Sun, 06 Nov 1994 11:50:07 +03", NOW) == 30000);
	CHECK(retry_after("Sun, 06 Nov 1994 14:35:07 +05:45", NOW) == 30000);
	CHECK(retry_after("Sun, 06 Nov 1994 03:50:07 -0500", NOW) == 30000);
	CHECK(retry_after("Sun, 06 Nov 1994 11:49:37 +0200", NOW) == 3600000);
}

static void
ten_seconds_from_now_are_ten_seconds_in_a_zone_of_any_name(void)
{
	CHECK(retry_after("Sun, 06 Nov 1994 08:49:47 CET", NOW) == 10000);
	CHECK(retry_after("Sun, 06 Nov 1994 09:49:47 CET", NOW) == 10000);
	CHECK(retry_after("Sun, 06 Nov 1994 10:49:47 CEST", NOW) == 10000);
	CHECK(retry_after("Sun, 06 Nov 1994 03:49:47 EST", NOW) == 10000);
	CHECK(retry_after("Sun, 06 Nov 1994 14:34:47 NPT", NOW) == 10000);
	CHECK(retry_after("Sat, 05 Nov 1994 20:49:47 AoE", NOW) == 10000);
	CHECK(retry_after("Sun, 06 Nov 1994 22:49:47 LINT", NOW) == 10000);
}

static void
a_zone_does_not_turn_a_date_just_past_into_a_quarter_of_an_hour(void)
{
	CHECK(retry_after("Sun, 06 Nov 1994 09:49:35 CET", NOW) == 1000);
}

static void
no_zone_explains_a_date_years_away(void)
{
	CHECK(retry_after("Wed, 01 Jan 1992 00:00:00 CET", NOW) == 1000);
	CHECK(retry_after("Wed, 01 Jan 1997 00:00:00 CET", NOW) == 3600000);
}

static void
a_pause_is_at_least_a_second_and_at_most_an_hour(void)
{
	CHECK(retry_after("0", NOW) == 1000);
	CHECK(retry_after("3599", NOW) == 3599000);
	CHECK(retry_after("86400", NOW) == 3600000);
	CHECK(retry_after("99999999999999999999999", NOW) == 3600000);
	CHECK(retry_after("Sun, 06 Nov 1994 08:00:00 GMT", NOW) == 1000);
	CHECK(retry_after("Sun, 06 Nov 1994 09:29:37 GMT", NOW) == 2400000);
	CHECK(retry_after("Sun, 06 Nov 2094 08:00:00 GMT", NOW) == 3600000);
}

static void
what_cannot_be_read_says_nothing(void)
{
	CHECK(retry_after("", NOW) == 0);
	CHECK(retry_after("soon", NOW) == 0);
	CHECK(retry_after("-5", NOW) == 0);
	CHECK(retry_after("30 seconds", NOW) == 0);
	CHECK(retry_after(",", NOW) == 0);
	CHECK(retry_after("Sun, 06 Foo 1994 08:49:37 GMT", NOW) == 0);
	CHECK(retry_after("Sun, 31 Feb 1994 08:49:37 GMT", NOW) == 0);
	CHECK(retry_after("Sun, 06 Nov 1994 25:49:37 GMT", NOW) == 0);
	CHECK(retry_after("Sun, 06 Nov 1994 08:-9:37 GMT", NOW) == 0);
	CHECK(retry_after("Sun, 06 Nov", NOW) == 0);
}

int
main(void)
{
	RUN(a_number_is_seconds);
	RUN(a_date_is_read_in_all_three_forms);
	RUN(a_year_of_two_digits_is_at_most_fifty_years_ahead);
	RUN(the_names_of_utc_mean_utc);
	RUN(an_offset_is_applied);
	RUN(ten_seconds_from_now_are_ten_seconds_in_a_zone_of_any_name);
	RUN(a_zone_does_not_turn_a_date_just_past_into_a_quarter_of_an_hour);
	RUN(no_zone_explains_a_date_years_away);
	RUN(a_pause_is_at_least_a_second_and_at_most_an_hour);
	RUN(what_cannot_be_read_says_nothing);
	return unit_end();
}
