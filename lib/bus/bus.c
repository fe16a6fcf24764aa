/*
 * Chooses the address of a bus, and the engine that carries it. In: an address as it was given, and
 * the environment. Out: the address to use, and its engine.
 */
#include "bus/bus.h"

#include <stdlib.h>

#include "bus/engine.h"

static const struct {
	const char *scheme;
	const struct bus_engine *engine;
} bus_engines[] = {
	{ "ipc://", &sp_engine },
	{ "tcp://", &sp_engine },
	{ "nats://", &nats_engine },
	{ "tls://", &nats_engine },
};

const char *
bus_address(struct buf *out, const char *given)
{
	const char *run = getenv("XDG_RUNTIME_DIR");

	if (given == NULL)
		given = getenv("CT_BUS");
	buf_reset(out);
	if (given != NULL && *given != '\0')
		buf_puts(out, given);
	else if (run != NULL && *run == '/')
		buf_putf(out, "ipc://%s/ct/bus", run);
	else
		buf_puts(out, "ipc:///run/ct/bus");
	return buf_str(out);
}

const struct bus_engine *
bus_engine_of(const char *address, const char **why)
{
	const char *refused;

	for (size_t i = 0; i < sizeof(bus_engines) / sizeof(bus_engines[0]); i++) {
		if (strncmp(address, bus_engines[i].scheme, strlen(bus_engines[i].scheme)) != 0)
			continue;
		refused = bus_engines[i].engine->refuses(address);
		if (refused != NULL)
			*why = refused;
		return refused == NULL ? bus_engines[i].engine : NULL;
	}
	*why = "an address begins with ipc://, tcp://, nats:// or tls://";
	return NULL;
}

const char *
bus_shown(struct buf *out, const char *address)
{
	const char *hosts = strstr(address, "://"), *at;
	size_t n;

	buf_reset(out);
	hosts = hosts == NULL ? address : hosts + 3;
	n = strcspn(hosts, "?");
	at = memrchr(hosts, '@', n);
	buf_put(out, span_of(address, (size_t)(hosts - address)));
	if (at != NULL)
		n -= (size_t)(at + 1 - hosts);
	buf_put(out, span_of(at != NULL ? at + 1 : hosts, n));
	return buf_str(out);
}

bool
bus_address_is(const char *address, const char **why)
{
	return bus_engine_of(address, why) != NULL;
}
