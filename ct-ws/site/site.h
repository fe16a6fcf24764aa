/*
 * All that ct-ws has to offer: the three streams, the newest events, the
 * counters and the state of the hub. Records of the bus go in; what comes out
 * is read by routes and by clients. A site knows neither sockets that listen
 * nor the clock.
 */
#ifndef CT_WS_SITE_SITE_H
#define CT_WS_SITE_SITE_H

#include "ct-ws/site/files.h"
#include "ct-ws/site/health.h"
#include "ct-ws/site/logs.h"
#include "ct-ws/site/metrics.h"
#include "ct-ws/site/newest.h"
#include "ct-ws/site/rate.h"
#include "ct-ws/site/report.h"
#include "ct-ws/stream/stream.h"

struct site {
	struct stream streams[FORMS];
	struct newest newest;
	struct metrics metrics;
	struct health health;
	struct logs logs;
	struct files files;
	struct rate events_rate, bytes_rate;
	uint64_t now, unix_ms;	/* the last second: ms of the loop's clock, and since 1970 */
};

/*
 * Begins empty. ring is the size in bytes of the ring of the stream full, and of lite;
 * that of domains has a quarter. calls are the functions that the streams call for
 * their readers. now is the time of the loop's clock in ms.
 */
void site_init(struct site *, size_t ring, const struct stream_calls *calls, uint64_t now);

/* Frees the streams and the newest events. All readers must have left the streams before. */
void site_free(struct site *);

/*
 * Takes line, the next record of the bus, without its LF. An event is put into every
 * stream, kept among the newest ones, and counted; what other records say of the tools
 * and of the logs is kept. Nothing is sent yet, unless a stream has gathered so much that it sends at
 * once.
 */
void site_take(struct site *, struct span line);

/* Counts a hole of so many records on the bus, and puts a record "skipped" into every stream. */
void site_miss(struct site *, uint64_t records);

/*
 * To be called once a second, with the time of the loop's clock and that since 1970 in ms. Notes
 * how much has come and gone.
 */
void site_second(struct site *, uint64_t now, uint64_t unix_ms);

/*
 * Brings together what /metrics, /stats and /health/deep are made of. tally is all zero before, and
 * tally_free frees it. The report is valid as long as both and until the next record.
 */
void site_report(const struct site *, uint64_t now, struct tally *tally, struct report *report);

/* Sends what has been put into the streams to all readers whose sockets take more. */
void site_flush(struct site *);

#endif
