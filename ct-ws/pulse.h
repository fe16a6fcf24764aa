/*
 * What keeps WebSockets alive that have nothing to say: heartbeats and pings,
 * put into the streams once a second where they are due.
 */
#ifndef CT_WS_PULSE_H
#define CT_WS_PULSE_H

#include "ct-ws/stream.h"

enum {
	PULSE_HEARTBEAT = 10,	/* seconds without a text: clients of certstream-server-go give up at 15 */
	PULSE_PING = 30,	/* seconds between two pings to everyone */
};

/* All zero at the start. */
struct pulse {
	unsigned seconds;	/* since the last ping to everyone */
	unsigned idle[FORMS];	/* seconds without a text in the stream */
	uint64_t texts[FORMS];	/* of the stream, a second ago */
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
