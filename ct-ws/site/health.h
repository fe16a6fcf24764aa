/*
 * Whether the records that ct-ws serves still come: the state of its connection to the
 * hub, when it last heard from the hub, when the last certificate came, and which logs
 * lag. The JSON text of all that is what /health/deep answers with.
 */
#ifndef CT_WS_SITE_HEALTH_H
#define CT_WS_SITE_HEALTH_H

#include "base/buf.h"

struct report;

enum {
	/*
	 * Seconds for which no certificate may come. All logs together bring several a second, and a
	 * feed that is behind still brings them, so a longer silence means that the feed has stopped.
	 */
	HEALTH_STALE_S = 300,
	HEALTH_LAGGING_S = 300,	/* from when on a log that is behind, or in trouble, is named */
};

enum health_hub {
	HEALTH_HUB_AWAY,	/* there is no connection to the hub */
	HEALTH_HUB_SILENT,	/* the connection was not closed, but nothing has come over it for too long */
	HEALTH_HUB_THERE,	/* a connection stands, and the hub is heard on it */
};

/* All zero is the state before the first connection. */
struct health {
	enum health_hub hub;
	bool was_heard;		/* the hub has been heard at least once */
	uint64_t heard;		/* when it was last heard, in ms of the loop's clock */
	uint64_t events;	/* certificates that had come at the last call of health_second */
	uint64_t fresh;		/* when the newest of them came, or health_begin was called; in ms as above */
	uint64_t stale_ms;	/* ms for which no certificate may come; 0: no limit */
};

/* Begins at the time now. A certificate must come within stale seconds; 0: no limit. */
void health_begin(struct health *h, uint64_t stale, uint64_t now);

/* To be called once a second. events is how many certificates have come since the start. now is as above. */
void health_second(struct health *h, uint64_t events, uint64_t now);

/* Returns true while the hub is connected and heard, and false while it is away or silent. */
bool health_has_hub(const struct health *h);

/* Returns true at the time now when the hub is connected and heard, and certificates come. */
bool health_is_good(const struct health *h, uint64_t now);

/*
 * Appends to out one JSON object and LF, which ct-ws(1) describes:
 *
 *	{"status":"ok","hub":"connected","heard_ago":0.250,"event_ago":1.200,"events":9,"holes":0,
 *	 "missed":0,"feed":{"lagging":[{"name":...},...],"logs":40,"status_ago":3.100}}
 */
void health_put(const struct report *r, struct buf *out);

#endif
