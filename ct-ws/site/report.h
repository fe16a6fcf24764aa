/*
 * All that /metrics, /stats and /health/deep are made of, brought together at one moment.
 * The texts are for anyone: no address of a client is in them.
 */
#ifndef CT_WS_SITE_REPORT_H
#define CT_WS_SITE_REPORT_H

#include "ct-ws/site/health.h"
#include "ct-ws/site/logs.h"
#include "ct-ws/site/metrics.h"
#include "ct-ws/site/tally.h"

/* The members are borrowed. */
struct report {
	const struct metrics *counted;
	const struct tally *tally;
	const struct logs *logs;
	const struct health *health;
	uint64_t events;	/* events taken since the start */
	double events_rate, bytes_rate;	/* a second: events taken, bytes sent to clients */
	uint64_t now;		/* ms of the loop's clock */
	uint64_t unix_ms;	/* the same moment, in ms since 1970 */
	size_t workers;		/* how many workers serve; 0: one process serves, without a parent */
	uint64_t worker_deaths;	/* how many of them have ended without being told to */
	struct metrics all_counted;	/* with workers: what counted points to */
	struct logs all_logs;	/* with workers: what logs points to; its list is owned, not the texts */
};

#endif
