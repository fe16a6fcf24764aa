/* ct-fetch/log/issuer: what one host can make us want, and what that costs the logs of others. */
#include "unit.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "ct-fetch/log/issuer.h"
#include "ct-fetch/log/protocol.h"
#include "ct/tile.h"
#include "world.h"

enum {
	NAMED = 3 * MAX_ISSUERS_WANTED,
	SILENTS = 12,
	LARGE = 200 << 10,		/* bytes of a large issuer */
	MANY_LARGE = 2 * (MAX_ISSUERS_HELD / LARGE),
};

/* Hosts that take connections and never answer, all at one socket. */
static struct {
	char url[64];
	struct host *host;
} silents[SILENTS];
static int silent_fd;

static struct issuer *held[NAMED];
static uint64_t began;

static void
open_world(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_ANY) } };
	socklen_t n = sizeof(at);

	world_open(&protocol_tiled, 1);
	world.fetch.issuers = issuers_open(&world.fetch);
	CHECK(mkdir(world_path("issuer"), 0700) == 0);
	silent_fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(bind(silent_fd, (struct sockaddr *)&at, n) == 0 && listen(silent_fd, 200) == 0 &&
	    getsockname(silent_fd, (struct sockaddr *)&at, &n) == 0);
	for (unsigned i = 0; i < SILENTS; i++) {
		snprintf(silents[i].url, sizeof(silents[i].url), "http://127.0.0.%u:%u/", i + 1,
		    ntohs(at.sin_port));
		silents[i].host = host_find(world.fetch.hosts, silents[i].url);
	}
	memset(held, 0, sizeof(held));
}

static void
close_world(void)
{
	issuers_free(world.fetch.issuers);
	close(silent_fd);
	world_close();
}

/* Puts an issuer of so many bytes, whose first one is given, into the world's log. */
static void
put(size_t size, unsigned first, uint8_t fp[HASH_SHA256])
{
	char path[MAX_TILE_ISSUER_PATH];
	struct buf der = { 0 };

	memset(buf_reserve(&der, size), 'i', size);
	buf_commit(&der, size);
	memcpy(der.p, &first, sizeof(first));
	hash_sha256(world.fetch.hash, buf_span(&der), fp);
	tile_issuer_path(path, fp);
	world_put(path, buf_span(&der));
	buf_free(&der);
}

/* That silent host names n issuers. Returns how many of them are wanted. */
static unsigned
name_silent(unsigned host, unsigned n)
{
	uint8_t fp[HASH_SHA256] = { (uint8_t)host, 0, 0, 0, 1 };
	unsigned wanted = 0;

	for (unsigned i = 0; i < n; i++) {
		memcpy(fp + 8, &i, sizeof(i));
		held[i] = issuer_hold(world.fetch.issuers, fp, silents[host].url, silents[host].host);
		wanted += held[i] != NULL;
	}
	return wanted;
}

static struct issuer *
hold(const uint8_t fp[HASH_SHA256])
{
	return issuer_hold(world.fetch.issuers, fp, world.source.url, world.source.host);
}

static struct issuer *awaited;

/* Until the issuer that is awaited has come, or is late or missing. */
static void
turn(void)
{
	uint64_t now = loop_now(world.fetch.loop), again = issuers_turn(world.fetch.issuers);

	if (issuer_state(awaited) != ISSUER_WANTED)
		loop_stop(world.fetch.loop);
	else if (!loop_timer_runs(&world.fetch.turn))
		loop_after(world.fetch.loop, &world.fetch.turn, again > now ? (unsigned)(again - now) : 1);
}

/* Until silent hosts have been asked. */
static void
turn_asked(void)
{
	(void)issuers_turn(world.fetch.issuers);
	if (world.fetch.count.asks.started > 0)
		loop_stop(world.fetch.loop);
}

static void
a_host_that_names_many_issuers_makes_only_so_many_wanted(void)
{
	uint8_t fp[HASH_SHA256];

	open_world();
	CHECK(name_silent(0, NAMED) == MAX_ISSUERS_WANTED);
	CHECK(name_silent(0, 1) == 1);
	put(100, 1, fp);
	CHECK(hold(fp) != NULL);
	close_world();
}

static void
issuers_of_silent_hosts_do_not_hold_up_those_of_another(void)
{
	uint8_t fp[HASH_SHA256];

	open_world();
	for (unsigned i = 0; i < SILENTS; i++)
		(void)name_silent(i, 16);
	world_run(turn_asked);
	put(100, 1, fp);
	awaited = hold(fp);
	began = loop_now(world.fetch.loop);
	world_run(turn);
	CHECK(issuer_state(awaited) == ISSUER_KNOWN);
	CHECK(loop_now(world.fetch.loop) - began < ISSUER_PATIENCE);
	close_world();
}

static void
an_issuer_that_a_silent_host_was_asked_for_comes_from_another(void)
{
	uint8_t fp[HASH_SHA256];

	open_world();
	put(100, 1, fp);
	awaited = issuer_hold(world.fetch.issuers, fp, silents[0].url, silents[0].host);
	world_run(turn_asked);
	CHECK(hold(fp) == awaited);
	world_run(turn);
	CHECK(issuer_state(awaited) == ISSUER_KNOWN);
	CHECK(issuer_der(awaited).n == 100);
	close_world();
}

static void
an_issuer_of_a_silent_host_is_late_and_not_awaited_longer(void)
{
	open_world();
	CHECK(name_silent(0, 1) == 1);
	awaited = held[0];
	began = loop_now(world.fetch.loop);
	world_run(turn);
	CHECK(issuer_state(awaited) == ISSUER_LATE);
	CHECK(loop_now(world.fetch.loop) - began >= ISSUER_PATIENCE);
	close_world();
}

static void
large_issuers_are_fetched_only_as_long_as_there_is_room_for_what_is_held(void)
{
	struct issuer *large[MANY_LARGE];
	uint8_t fp[HASH_SHA256];
	unsigned known = 0;

	open_world();
	for (unsigned i = 0; i < MANY_LARGE; i++) {
		put(LARGE, i, fp);
		large[i] = hold(fp);
		CHECK(large[i] != NULL);
	}
	awaited = large[MANY_LARGE - 1];
	world_run(turn);
	CHECK(issuer_state(awaited) == ISSUER_LATE);
	for (unsigned i = 0; i < MANY_LARGE; i++)
		known += issuer_state(large[i]) == ISSUER_KNOWN;
	CHECK(known > MAX_ISSUERS_HELD / LARGE && known <= MAX_ISSUERS_HELD / LARGE + 16);
	for (unsigned i = 0; i < MANY_LARGE; i++)
		issuer_release(world.fetch.issuers, large[i]);
	world_run(turn);
	put(100, MANY_LARGE, fp);
	awaited = hold(fp);
	CHECK(awaited != NULL);
	world_run(turn);
	CHECK(awaited != NULL && issuer_state(awaited) == ISSUER_KNOWN);
	close_world();
}

int
main(void)
{
	RUN(a_host_that_names_many_issuers_makes_only_so_many_wanted);
	RUN(issuers_of_silent_hosts_do_not_hold_up_those_of_another);
	RUN(an_issuer_that_a_silent_host_was_asked_for_comes_from_another);
	RUN(an_issuer_of_a_silent_host_is_late_and_not_awaited_longer);
	RUN(large_issuers_are_fetched_only_as_long_as_there_is_room_for_what_is_held);
	return unit_end();
}
