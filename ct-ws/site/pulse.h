/*
 * Heartbeats and pings. They show the client of a stream without events that the
 * connection still works, and a client's answer to a ping shows the same to ct-ws.
 */
#ifndef CT_WS_SITE_PULSE_H
#define CT_WS_SITE_PULSE_H

#include "ct-ws/stream/stream.h"

enum {
	PULSE_HEARTBEAT = 10,	/* seconds without a text; some clients give up at 15 */
	PULSE_PING = 30,	/* seconds between two pings to the readers of all streams */
};

/* All zero at the start. */
struct pulse {
	unsigned seconds;	/* since the last ping to all streams */
	unsigned idle[FORMS];	/* for each stream, seconds since its last text or sign of life */
	uint64_t texts[FORMS];	/* for each stream, its count of texts at the last call */
};

/*
 * To be called once a second. Puts a ping into all streams every PULSE_PING
 * seconds, and a heartbeat into a stream that had no text for PULSE_HEARTBEAT
 * seconds. The stream domains gets a ping in place of a heartbeat, since a
 * program that reads names there would trip over another kind of text.
 * unix_ms is the time of day for the heartbeat, in ms since 1970.
 */
void pulse_second(struct pulse *, struct stream streams[FORMS], uint64_t unix_ms);

#endif
