/*
 * Whether the records that ct-ws serves still come from somewhere: the state
 * of its connection to the hub, when it last heard from the hub, and the JSON
 * text of both that /health/deep answers with.
 */
#ifndef CT_WS_SITE_HEALTH_H
#define CT_WS_SITE_HEALTH_H

#include "base/buf.h"
#include "ct-ws/site/metrics.h"

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
};

/* Returns true while the hub is connected and heard, and false while it is away or silent. */
bool health_is_good(const struct health *);

/*
 * Appends to out one JSON object and LF:
 *
 *	{"status":"ok","hub":"connected","heard_ago":0.250,"events":9,"holes":0,"missed":0}
 *
 * status is "ok", or "stale" when health_is_good is false, and then a member
 * "why" follows it with a sentence for people. hub is "connected", "silent" or
 * "away". heard_ago is how many seconds ago the hub was last heard, or null.
 * events is the number of events served since the start, holes and missed come
 * from counted. now is the time of the loop's clock in ms.
 */
void health_put(const struct health *, const struct metrics *counted, uint64_t events,
    uint64_t now, struct buf *out);

#endif
