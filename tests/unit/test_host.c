/* ct-fetch/host: the limiter and what Retry-After says. */
#include "unit.h"

#include "ct-fetch/net/host.h"

enum { NOW = 784111777 };	/* Sun, 06 Nov 1994 08:49:37 GMT */

static void
retry_after_is_read_as_seconds(void)
{
	CHECK(host_retry_after("30", NOW) == 30000);
	CHECK(host_retry_after("  7", NOW) == 7000);
	CHECK(host_retry_after("89", NOW) == 89000);
}

static void
retry_after_is_read_as_a_date_in_every_form_and_zone(void)
{
	CHECK(host_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", NOW) == 30000);
	CHECK(host_retry_after("Sun, 06 Nov 1994 08:50:07 UTC", NOW) == 30000);
	CHECK(host_retry_after("Sun, 06 Nov 1994 08:50:07 CET", NOW) == 30000);
	CHECK(host_retry_after("Saturday, 21-Nov-26 04:30:30 GMT", 1795235400) == 30000);
	CHECK(host_retry_after("Sun Nov  6 08:50:07 1994", NOW) == 30000);
}

static void
retry_after_is_kept_between_a_second_and_ten_minutes(void)
{
	CHECK(host_retry_after("0", NOW) == 1000);
	CHECK(host_retry_after("86400", NOW) == 600000);
	CHECK(host_retry_after("99999999999999999999999", NOW) == 600000);
	CHECK(host_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", NOW) == 1000);
	CHECK(host_retry_after("Sun, 06 Nov 2094 08:00:00 GMT", NOW) == 600000);
}

static void
retry_after_that_cannot_be_read_says_nothing(void)
{
	CHECK(host_retry_after("", NOW) == 0);
	CHECK(host_retry_after("soon", NOW) == 0);
	CHECK(host_retry_after("-5", NOW) == 0);
	CHECK(host_retry_after("30 seconds", NOW) == 0);
	CHECK(host_retry_after("Sun, 06 Foo 1994 08:49:37 GMT", NOW) == 0);
	CHECK(host_retry_after(",", NOW) == 0);
}

static void
a_host_is_told_by_scheme_name_and_port(void)
{
	struct hosts *hs = hosts_open(1);
	struct host *a = host_find(hs, "https://ct.test/logs/a/");

	CHECK(host_find(hs, "https://CT.test/logs/b/") == a);
	CHECK(host_find(hs, "https://ct.test") == a);
	CHECK(host_find(hs, "https://ct.test:444/") != a);
	CHECK(host_find(hs, "http://ct.test/") != a);
	CHECK(!host_is_local(a));
	CHECK(host_is_local(host_find(hs, "http://127.0.0.1:8000/x/")));
	CHECK(host_is_local(host_find(hs, "file:///srv/log/")));
	hosts_free(hs);
}

static void
a_limited_host_is_left_alone_and_then_probed_by_one_request(void)
{
	struct hosts *hs = hosts_open(1);
	struct host *h = host_find(hs, "https://ct.test/");
	uint64_t again;

	host_start(h);
	host_start(h);
	host_end(h, 1000, HOST_LIMITED, 5000);
	CHECK(host_pause(h, 1000) == 5000);
	CHECK(!host_may(h, HOST_PAGE, 1000, &again) && again == 6000);
	host_end(h, 1001, HOST_GOOD, 0);	/* had started before */
	CHECK(host_pause(h, 1001) == 4999);
	CHECK(host_may(h, HOST_PAGE, 6000, &again));
	host_start(h);
	CHECK(!host_may(h, HOST_PAGE, 6000, &again) && again == HOST_NEVER);
	host_end(h, 6100, HOST_GOOD, 0);
	host_start(h);
	CHECK(host_may(h, HOST_PAGE, 6100, &again));
	hosts_free(hs);
}

static void
many_refusals_at_once_count_as_one(void)
{
	struct hosts *hs = hosts_open(1);
	struct host *h = host_find(hs, "https://ct.test/");

	for (int i = 0; i < 4; i++)
		host_start(h);
	for (int i = 0; i < 4; i++)
		host_end(h, 1000, HOST_FAILED, 0);
	CHECK(host_pause(h, 1000) >= 500 && host_pause(h, 1000) <= 1000);
	hosts_free(hs);
}

static void
pauses_double_up_to_their_limit(void)
{
	struct hosts *hs = hosts_open(7);

	for (unsigned n = 1; n < 40; n++) {
		uint64_t whole = (uint64_t)1000 << (n - 1 < 7 ? n - 1 : 7);
		uint64_t pause = hosts_backoff(hs, n, 7);

		CHECK(pause >= whole / 2 && pause <= whole);
	}
	hosts_free(hs);
}

int
main(void)
{
	RUN(retry_after_is_read_as_seconds);
	RUN(retry_after_is_read_as_a_date_in_every_form_and_zone);
	RUN(retry_after_is_kept_between_a_second_and_ten_minutes);
	RUN(retry_after_that_cannot_be_read_says_nothing);
	RUN(a_host_is_told_by_scheme_name_and_port);
	RUN(a_limited_host_is_left_alone_and_then_probed_by_one_request);
	RUN(many_refusals_at_once_count_as_one);
	RUN(pauses_double_up_to_their_limit);
	return unit_end();
}
