/* ct-ws/health: what /health/deep says of the connection to the hub. */
#include "unit.h"

#include "ct-ws/site/health.h"

static void
check_put(const struct health *h, uint64_t now, const char *want)
{
	struct metrics counted = { .holes = 2, .missed = 30 };
	struct buf out;

	buf_init(&out);
	health_put(h, &counted, 7, now, &out);
	CHECK_TEXT(buf_span(&out), want);
	buf_free(&out);
}

static void
a_hub_that_is_heard_is_good(void)
{
	struct health h = { .hub = HEALTH_HUB_THERE, .was_heard = true, .heard = 1000 };

	CHECK(health_is_good(&h));
	check_put(&h, 3050, "{\"status\":\"ok\",\"hub\":\"connected\",\"heard_ago\":2.050,"
	    "\"events\":7,\"holes\":2,\"missed\":30}\n");
}

static void
a_silent_hub_is_stale_and_the_reason_is_given(void)
{
	struct health h = { .hub = HEALTH_HUB_SILENT, .was_heard = true, .heard = 1000 };

	CHECK(!health_is_good(&h));
	check_put(&h, 17000, "{\"status\":\"stale\",\"why\":\"nothing comes from the hub, though it has "
	    "not closed the connection\",\"hub\":\"silent\",\"heard_ago\":16.000,\"events\":7,\"holes\":2,"
	    "\"missed\":30}\n");
}

static void
before_the_first_connection_the_hub_is_away_and_was_never_heard(void)
{
	struct health h = { .was_heard = false };

	CHECK(!health_is_good(&h));
	check_put(&h, 5, "{\"status\":\"stale\",\"why\":\"ct-ws is not connected to the hub\","
	    "\"hub\":\"away\",\"heard_ago\":null,\"events\":7,\"holes\":2,\"missed\":30}\n");
}

int
main(void)
{
	RUN(a_hub_that_is_heard_is_good);
	RUN(a_silent_hub_is_stale_and_the_reason_is_given);
	RUN(before_the_first_connection_the_hub_is_away_and_was_never_heard);
	return unit_end();
}
