/*
 * All that ct-ws has to offer: the streams in all their renditions, the newest events, the
 * counters and the state of the hub. Records of the bus go in; what comes out
 * is read by routes and by clients. A site knows neither sockets that listen
 * nor the clock.
 */
#ifndef CT_WS_SITE_SITE_H
#define CT_WS_SITE_SITE_H

#include "ct-ws/crew/slots.h"
#include "ct-ws/site/files.h"
#include "ct-ws/site/health.h"
#include "ct-ws/site/logs.h"
#include "ct-ws/site/metrics.h"
#include "ct-ws/site/newest.h"
#include "ct-ws/site/rate.h"
#include "ct-ws/site/report.h"
#include "ct-ws/stream/renditions.h"

struct site {
	struct renditions renditions;
	struct newest newest;
	struct metrics metrics;
	struct health health;
	struct logs logs;
	struct files files;
	struct rate events_rate, bytes_rate;
	uint64_t now, unix_ms;	/* the last second: ms of the loop's clock, and since 1970 */
	struct slots *slots;	/* borrowed; what all workers count, NULL where there is one process */
	size_t worker;		/* its slot in there */
};

/*
 * Makes *s empty. sizes are those of its renditions, and calls the functions that these call for their
 * readers. now is the time of the loop's clock in ms. The caller has to call health_begin for its health.
 */
void site_init(struct site *s, const struct renditions_sizes *sizes, const struct rendition_calls *calls,
    uint64_t now);

/* Frees the renditions and the newest events. All readers must have left before. */
void site_free(struct site *s);

/*
 * Takes line, a record that was published before this process read the bus, and its place. If it is an
 * event, it is kept for clients that come back; it is used for nothing else.
 */
void site_take_old(struct site *s, struct bus_place place, struct span line);

/*
 * Notes that the next record of the bus will have this place, and that all old ones have been taken:
 * those that are missing are lost. Clients that come back wait for it.
 */
void site_begin(struct site *s, struct bus_place place);

/*
 * site_learn notes that the hub is there, and the count lives that it has named: see journal_learn.
 * Clients that come back with a place of a life that is not known wait for that. site_part notes that the
 * hub is away.
 */
void site_learn(struct site *s, const struct bus_place *lives, size_t count);
void site_part(struct site *s);

/*
 * Takes line, the next record of the bus, without its LF, and its place there; epoch 0 where that
 * is not known. An event is put into every rendition that is read, kept among the newest ones, and
 * counted; what other records say of the tools and of the logs is kept. Nothing is sent yet, unless
 * a rendition has gathered so much that it sends at once.
 */
void site_take(struct site *s, struct bus_place place, struct span line);

/* Counts a hole of this many records on the bus, and tells all readers of it. */
void site_miss(struct site *s, uint64_t records);

/*
 * To be called once a second: notes how much has come and was sent. now is the time of the loop's clock,
 * and unix_ms that since 1970, both in ms.
 */
void site_second(struct site *s, uint64_t now, uint64_t unix_ms);

/*
 * Fills *report with what /metrics, /stats and /health/deep are made of at the time now (ms of the loop's
 * clock), over all workers where there are several. *tally must be all zero. *report points into itself
 * and must not move; it is valid as long as *tally, until the next record. site_report_free frees both.
 */
void site_report(const struct site *s, uint64_t now, struct tally *tally, struct report *report);
void site_report_free(struct tally *tally, struct report *report);

#endif
