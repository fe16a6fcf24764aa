/*
 * All that ct-ws has to offer: the three streams, the newest events, the
 * counters and the state of the hub. Records of the bus go in; what comes out
 * is read by routes and by clients. A site knows neither sockets that listen
 * nor the clock.
 */
#ifndef CT_WS_SITE_H
#define CT_WS_SITE_H

#include "ct-ws/health.h"
#include "ct-ws/metrics.h"
#include "ct-ws/newest.h"
#include "ct-ws/stream.h"

struct site {
	struct stream streams[FORMS];
	struct newest newest;
	struct metrics metrics;
	struct health health;
};

/*
 * Begins empty. ring is the size in bytes of the rings of the streams full and
 * lite; that of domains has a quarter. calls are made for the readers of every
 * stream. now is the time of the loop's clock in ms.
 */
void site_init(struct site *, size_t ring, const struct stream_calls *calls, uint64_t now);

/* All readers must have left the streams before. */
void site_free(struct site *);

/*
 * Takes line, the next record of the bus, without its LF. An event goes to
 * every stream and among the newest ones and is counted; a record that is no
 * event is ignored. Nothing is sent yet, unless so much has gathered that
 * sending must not wait.
 */
void site_take(struct site *, struct span line);

/* Counts a hole of so many records on the bus, and puts a record "skipped" into every stream. */
void site_miss(struct site *, uint64_t records);

/* Sends what has been put into the streams to all readers whose sockets take more. */
void site_flush(struct site *);

#endif
