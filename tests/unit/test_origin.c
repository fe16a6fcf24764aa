/* ct-fetch/net/origin and redirect: which connections are still used, and where redirects lead. */
#include "unit.h"

#include "base/span.h"
#include "ct-fetch/net/origin.h"
#include "ct-fetch/net/redirect.h"

enum { NOW = 1000 * 1000 };

static struct origin *list;

/* Some pools; only their addresses matter here. */
static char pools[8];

static struct pool *
pool(unsigned n)
{
	return (struct pool *)&pools[n];
}

static struct origin *
begin(void)
{
	struct origin *o = origin_find(&list, "https://ct.test/2027h1/");

	origin_renew(o, pool(0), NOW);
	return o;
}

static void
ended(void)
{
	while (list != NULL)
		origin_free(&list);
}

static void
an_origin_is_told_by_scheme_name_and_port(void)
{
	struct origin *o = origin_find(&list, "https://ct.test/a/");

	CHECK(origin_find(&list, "HTTPS://CT.test/b/?c") == o);
	CHECK(origin_find(&list, "https://ct.test") == o);
	CHECK(origin_find(&list, "https://ct.test:444/") != o);
	CHECK(origin_find(&list, "http://ct.test/") != o);
	ended();
}

static void
connections_are_left_after_ten_minutes_or_a_thousand_transfers(void)
{
	struct origin *o = origin_find(&list, "https://ct.test/");

	CHECK(origin_is_stale(o, NOW));
	origin_renew(o, pool(0), NOW);
	CHECK(!origin_is_stale(o, NOW + ORIGIN_LIFE - 1));
	CHECK(origin_is_stale(o, NOW + ORIGIN_LIFE));
	for (int i = 0; i < ORIGIN_USES - 1; i++)
		CHECK(origin_use(o) == pool(0));
	CHECK(!origin_is_stale(o, NOW));
	(void)origin_use(o);
	CHECK(origin_is_stale(o, NOW));
	origin_renew(o, pool(1), NOW);
	CHECK(!origin_is_stale(o, NOW));
	ended();
}

static void
connections_are_left_after_a_failure(void)
{
	struct origin *o = begin();

	origin_failed(o, pool(0), false, NOW);
	CHECK(origin_is_stale(o, NOW));
	origin_renew(o, pool(1), NOW);
	origin_failed(o, pool(0), false, NOW);	/* began before */
	CHECK(!origin_is_stale(o, NOW));
	ended();
}

/* Lets HTTP/2 fail n times, each time over new connections. */
static void
fail_two(struct origin *o, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		origin_renew(o, pool(i), NOW);
		origin_failed(o, pool(i), true, NOW);
	}
}

static void
http_1_1_is_used_for_an_hour_when_http_2_has_failed_three_times(void)
{
	struct origin *o = begin();

	fail_two(o, 2);
	CHECK(origin_may_two(o, NOW));
	fail_two(o, 1);
	CHECK(!origin_may_two(o, NOW + ORIGIN_ONE - 1));
	CHECK(origin_may_two(o, NOW + ORIGIN_ONE));
	ended();
}

static void
when_http_2_is_tried_again_one_failure_is_enough(void)
{
	struct origin *o = begin();

	fail_two(o, ORIGIN_BREAKS);
	origin_answered(o, false);	/* by HTTP/1.1 */
	origin_renew(o, pool(7), NOW + ORIGIN_ONE);
	origin_failed(o, pool(7), true, NOW + ORIGIN_ONE);
	CHECK(!origin_may_two(o, NOW + ORIGIN_ONE));
	ended();
}

static void
an_answer_by_http_2_shows_that_it_works(void)
{
	struct origin *o = begin();

	fail_two(o, 2);
	origin_answered(o, true);
	fail_two(o, 2);
	CHECK(origin_may_two(o, NOW));
	ended();
}

static void
many_failures_over_the_same_connections_count_as_one(void)
{
	struct origin *o = begin();

	for (int i = 0; i < 8; i++)
		origin_failed(o, pool(0), true, NOW);
	CHECK(origin_may_two(o, NOW));
	ended();
}

/* Checks where location leads from https://ct.test/a/b?c, and whether that is the same origin. */
static void
leads(const char *location, const char *to, bool is_same)
{
	bool same = !is_same;
	char *url = redirect_open("https://ct.test/a/b?c", location, &same);

	CHECK(url != NULL);
	CHECK_TEXT(span_str(url != NULL ? url : ""), to);
	CHECK(same == is_same);
	redirect_free(url);
}

static void
a_redirect_to_the_same_scheme_name_and_port_is_known(void)
{
	leads("/d", "https://ct.test/d", true);
	leads("d", "https://ct.test/a/d", true);
	leads("https://CT.test:443/d", "https://CT.test:443/d", true);
	leads("HTTPS://ct.test/d", "https://ct.test/d", true);
}

static void
a_redirect_to_anything_else_is_told_apart(void)
{
	leads("http://ct.test/d", "http://ct.test/d", false);
	leads("https://ct.test:444/d", "https://ct.test:444/d", false);
	leads("https://ct.test.evil/d", "https://ct.test.evil/d", false);
	leads("//evil/d", "https://evil/d", false);
	leads("https://ct.test@evil/d", "https://ct.test@evil/d", false);
	leads("https://me:pw@ct.test/d", "https://me:pw@ct.test/d", false);
	leads("file:///etc/passwd", "file:///etc/passwd", false);
}

int
main(void)
{
	RUN(an_origin_is_told_by_scheme_name_and_port);
	RUN(connections_are_left_after_ten_minutes_or_a_thousand_transfers);
	RUN(connections_are_left_after_a_failure);
	RUN(http_1_1_is_used_for_an_hour_when_http_2_has_failed_three_times);
	RUN(when_http_2_is_tried_again_one_failure_is_enough);
	RUN(an_answer_by_http_2_shows_that_it_works);
	RUN(many_failures_over_the_same_connections_count_as_one);
	RUN(a_redirect_to_the_same_scheme_name_and_port_is_known);
	RUN(a_redirect_to_anything_else_is_told_apart);
	return unit_end();
}
