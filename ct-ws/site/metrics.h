/*
 * What ct-ws counts, and the text of it for Prometheus. The names that begin
 * with certstreamservergo_ are those of certstream-server-go, so that
 * dashboards made for it show ct-ws too.
 */
#ifndef CT_WS_SITE_METRICS_H
#define CT_WS_SITE_METRICS_H

#include "base/buf.h"
#include "ct-ws/stream/stream.h"

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
	uint64_t opened[FORMS];		/* WebSockets */
	uint64_t closed[METRICS_CLOSES];	/* WebSockets */
	uint64_t connections;		/* open now, HTTP and WebSocket */
	uint64_t requests;		/* of HTTP, those for a WebSocket among them */
	uint64_t refused;		/* connections, because there were too many */
	uint64_t timeouts;		/* connections that sent or took no HTTP in time */
	uint64_t holes;			/* in the numbers of records on the bus */
	uint64_t missed;		/* records in those holes */
	uint64_t started;		/* ms of the loop's clock */
};

/* Counts event by its update_type. An event of the form domains has none and is not counted. */
void metrics_take(struct metrics *, struct span event);

/*
 * Appends the text to out. hub says whether the hub is connected and heard, now is the
 * time of the loop's clock in ms. A client that was too slow is listed by its
 * number and not by its address, since anyone may read this; ct-ws -v tells
 * both.
 */
void metrics_put(const struct metrics *, const struct stream streams[FORMS], bool hub,
    uint64_t now, struct buf *out);

#endif
