/*
 * Records as server-sent events. A record is an event without a name, which onmessage of an
 * EventSource gets, and has its place on the bus as id: a client that connects again sends the
 * last one as Last-Event-ID. Notices are events with the name of their message_type.
 *
 * in: events and places
 * out: the lines of a block of the event stream
 * standard: WHATWG HTML, section 9.2
 */
#include "ct-ws/stream/wire.h"

#include <stdio.h>

static size_t
sse_lead(uint8_t lead[WIRE_LEAD], enum wire_event event, const struct bus_place *at)
{
	static const char *const names[] = {
		[WIRE_RECORD] = "",
		[WIRE_HEARTBEAT] = "event: heartbeat\n",
		[WIRE_SKIPPED] = "event: skipped\n",
		[WIRE_SUBSCRIBED] = "event: subscribed\n",
	};
	char place[BUS_PLACE + 1];
	char *out = (char *)lead;

	if (at->epoch == 0)
		return (size_t)snprintf(out, WIRE_LEAD, "%sdata: ", names[event]);
	bus_place_write(place, at);
	return (size_t)snprintf(out, WIRE_LEAD, "%sid: %s\ndata: ", names[event], place);
}

const struct wire sse_wire = {
	.name = "sse",
	.lead = sse_lead,
	.end = { (const uint8_t *)"\n\n", 2 },
	.alive = { (const uint8_t *)":\n\n", 3 },	/* a comment */
};
