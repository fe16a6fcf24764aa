/*
 * What ct-ws counts, and the text for Prometheus. Its names are of three kinds: ct_ for
 * what this toolkit counts, and those of certstream-server-go (certstreamservergo_) and of
 * certstream-server-rust (certstream_), so that dashboards and scripts made for these
 * servers show ct-ws too. A name of theirs is there only where ct-ws has a number that
 * means the same.
 */
#ifndef CT_WS_SITE_METRICS_H
#define CT_WS_SITE_METRICS_H

#include "base/buf.h"
#include "ct-ws/door/door.h"
#include "ct-ws/site/seen.h"
#include "event/form.h"

struct report;

/* Why a WebSocket ended. */
enum metrics_close {
	METRICS_CLOSE_CLIENT,	/* the client said so, or its connection broke */
	METRICS_CLOSE_SILENT,	/* nothing was heard from it for too long */
	METRICS_CLOSE_STUCK,	/* it took nothing for too long */
	METRICS_CLOSE_PROTOCOL,	/* it broke RFC 6455, or a limit */
	METRICS_CLOSE_SHUTDOWN,	/* ct-ws ends */
	METRICS_CLOSES,		/* how many reasons there are */
};

struct metrics {
	uint64_t regular, precert;	/* certificates by the kind of their entry */
	uint64_t closed[METRICS_CLOSES];	/* WebSockets */
	uint64_t connections;		/* open now, HTTP and WebSocket */
	uint64_t requests;		/* HTTP requests, those for a WebSocket included */
	uint64_t turned_away[DOOR_WHYS];	/* connections and requests, by why */
	uint64_t timeouts;		/* connections that sent or took no HTTP in time */
	uint64_t holes;			/* in the numbers of records on the bus */
	uint64_t missed;		/* records in those holes */
	uint64_t started;		/* ms of the loop's clock */
	uint64_t certificate_ends;	/* of the certificate in use, seconds since 1970; 0 without TLS */
};

/* Counts an event by the kind of its entry, which seen tells; not when it is SEEN_NONE. */
void metrics_take(struct metrics *m, const struct seen *seen);

/*
 * Appends to out the whole text about r: OpenMetrics 1.0.0 when openmetrics is true, else version 0.0.4 of
 * the format. A client that was too slow is listed by its number and not by its address, because anyone
 * may read this; ct-ws -v tells both.
 */
void metrics_put(const struct report *r, bool openmetrics, struct buf *out);

#endif
