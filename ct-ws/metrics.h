/*
 * What ct-ws counts, and the text Prometheus reads. The names that begin with
 * certstreamservergo_ are those of certstream-server-go, for dashboards made
 * for it.
 */
#ifndef CT_WS_METRICS_H
#define CT_WS_METRICS_H

#include "base/buf.h"
#include "ct-ws/stream.h"

/* Why a WebSocket ended. */
enum metrics_close {
	METRICS_CLOSE_CLIENT,	/* said so, or just went */
	METRICS_CLOSE_SILENT,	/* nothing heard from it for too long */
	METRICS_CLOSE_STUCK,	/* took nothing for too long */
	METRICS_CLOSE_PROTOCOL,	/* broke RFC 6455, or a limit */
	METRICS_CLOSE_SHUTDOWN,
	METRICS_CLOSES,		/* how many */
};

struct metrics {
	uint64_t regular, precert;	/* certificates by kind of entry */
	uint64_t opened[FORMS];
	uint64_t closed[METRICS_CLOSES];
	uint64_t requests;		/* of HTTP, upgrades among them */
	uint64_t refused;		/* connections, for being too many */
	uint64_t timeouts;		/* connections that sent or took no HTTP in time */
	uint64_t holes, missed;		/* in SEQ on the bus, and the records in them */
	uint64_t started;		/* ms of the monotonic clock */
};

/* Counts an event by its update_type; other records count for nothing. */
void metrics_take(struct metrics *, struct span event);

/*
 * Appends the text; connections are all that are open. A reader that skipped
 * is listed by its number alone: its address is nobody's business who can read
 * this page (ct-ws -v tells both).
 */
void metrics_put(const struct metrics *, const struct stream streams[FORMS],
    size_t connections, bool hub, uint64_t now, struct buf *);

#endif
