/* Calls the engine of a subscriber. In: calls of subscriber.h. Out: calls of its engine. */
#include "bus/engine.h"

struct subscriber *
subscriber_open(struct loop *loop, const char *address, const struct subscriber_start *start,
    const struct subscriber_calls *calls, void *cookie, const char **why)
{
	const struct bus_engine *e = bus_engine_of(address, why);

	return e == NULL ? NULL : e->subscriber_open(loop, address, start, calls, cookie, why);
}

void
subscriber_free(struct subscriber *s)
{
	if (s != NULL)
		s->free(s);
}

void
subscriber_pause(struct subscriber *s, bool paused)
{
	s->pause(s, paused);
}
