/* Calls the engine of a relay. In: calls of relay.h. Out: calls of its engine. */
#include "bus/relay.h"

#include "bus/engine.h"

struct publisher *
relay_open(struct loop *loop, const char *address, const struct publisher_options *options,
    const struct publisher_calls *calls, void *cookie, const char **why)
{
	const struct bus_engine *e = bus_engine_of(address, why);

	return e == NULL ? NULL : e->relay_open(loop, address, options, calls, cookie, why);
}
