/*
 * Decides when a stream needs a sign of life.
 *
 * in: the seconds, and how many texts each stream has had
 * out: heartbeats and pings in the streams
 * standard: RFC 6455 section 5.5.2 for the ping
 */
#include "ct-ws/site/pulse.h"

/* Returns true when the stream has been without a text for so long that it needs a sign of life. */
static bool
pulse_is_due(struct pulse *p, const struct stream *t)
{
	bool due = t->texts == p->texts[t->form] && ++p->idle[t->form] >= PULSE_HEARTBEAT;

	if (due || t->texts != p->texts[t->form])
		p->idle[t->form] = 0;
	return due;
}

void
pulse_second(struct pulse *p, struct stream streams[FORMS], uint64_t unix_ms)
{
	bool ping = ++p->seconds >= PULSE_PING;

	if (ping)
		p->seconds = 0;
	for (size_t i = 0; i < FORMS; i++) {
		struct stream *t = &streams[i];
		bool due = pulse_is_due(p, t);

		if (due && t->form != FORM_DOMAINS)
			stream_put_heartbeat(t, unix_ms);
		if (ping || (due && t->form == FORM_DOMAINS))
			stream_put_ping(t);
		p->texts[i] = t->texts;
	}
}
