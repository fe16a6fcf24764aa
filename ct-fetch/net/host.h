/*
 * A host: the limiter that all logs on one server share. It says when a request may start, so that
 * the host is not asked more often than it likes (budget.h), nor for more at a time than that takes,
 * and so that the most urgent request goes first (asker.h). After trouble the host is left alone
 * for a while, and then one request at a time finds out whether it is over. Trouble with one page or
 * one log, while others on the host have none, is left to the caller. All times are loop ms.
 */
#ifndef CT_FETCH_HOST_H
#define CT_FETCH_HOST_H

#include "ct-fetch/net/asker.h"
#include "ct-fetch/net/preset.h"
#include "ct-fetch/net/budget.h"

struct hosts;
struct host;

/* How a request ended. */
enum host_outcome {
	HOST_GOOD,	/* with status 200 and a whole body */
	HOST_CUT,	/* with status 200 and a part of the body: what came counts as progress */
	HOST_REFUSED,	/* with a status of 3xx or 4xx other than 429: the host is well */
	HOST_LIMITED,	/* with 429: the host is asked too much */
	HOST_BUSY,	/* with 503, which may be meant by the log or the host */
	HOST_BROKEN,	/* with another status of 5xx */
	HOST_FAILED,	/* without an answer, or without a byte of the body: time-out, no connection */
	HOST_UNKNOWN,	/* ct-fetch cancelled it before there was an answer */
	HOST_OUTCOMES
};

/* One request, kept by the caller from host_may to host_end. */
struct host_request {
	enum host_class class;
	const void *who;	/* stands for the log that asks; only compared */
	/* The rest is set by host_start. */
	uint64_t started;
	unsigned trouble;
};

/* What there is to tell about a host. */
struct host_report {
	double rate;		/* requests a second it is sent at most; 0: no limit */
	double seen;		/* requests a second it has granted, over the last minute */
	unsigned width, running;	/* requests at a time: at most, and now */
	uint64_t latency;	/* ms that an answer takes */
	uint64_t outcomes[HOST_OUTCOMES];	/* how many requests ended like that */
	uint64_t pause;		/* ms for which it is left alone from now on */
	uint64_t paused_at;	/* when it was last told to wait or had trouble; 0: never */
	const char *paused_why;	/* static, such as "HTTP 429"; "" when never */
};

/* In place of a time to try again: no time helps, only the end of a request that is under way. */
#define HOST_NEVER UINT64_MAX
#define HOST_SCARCE 0.8	/* a load (host_load) from which on requests are scarce */

/* Makes a set of hosts that has none yet. seed, which differs between runs, makes pauses differ. */
struct hosts *hosts_open(uint64_t seed);

/* Frees the set and all hosts in it. */
void hosts_free(struct hosts *hosts);

/*
 * Gives rates to hosts that host_find adds from now on: the first of the n presets that is for a
 * host overrules what is known or was learned. The presets must stay as long as hosts.
 */
void hosts_limit(struct hosts *hosts, const struct preset *presets, size_t n);

/*
 * Returns the host of url; URLs with the same scheme, name and port have the same host. When
 * hosts does not have it yet, adds it. It lives as long as hosts.
 */
struct host *host_find(struct hosts *hosts, const char *url);

/* Returns the host added before this one, or the last one added when host is NULL; NULL: no more. */
struct host *hosts_next(const struct hosts *hosts, const struct host *host);

/* Returns scheme://host:port as the URL had it; it lives as long as host. */
const char *host_name(const struct host *host);

/* Returns true when the host stands for files, or has a loopback address. */
bool host_is_local(const struct host *host);

/*
 * Returns true when request may start now. Returns false when it may not, and then *again is the
 * time to ask again, or HOST_NEVER. Until then the request has its place before less urgent ones.
 */
bool host_may(struct host *host, const struct host_request *request, uint64_t now, uint64_t *again);

/* Tells host that request starts now. One call of host_end must follow each. */
void host_start(struct host *host, struct host_request *request, uint64_t now);

/*
 * Tells host that request ended at the time now with this outcome. wait is the pause in ms that the
 * server asked for, or 0 when it asked for none. It holds for requests of this class by this log, and for
 * all when the trouble is the host's.
 */
void host_end(struct host *host, const struct host_request *request, uint64_t now,
    enum host_outcome outcome, uint64_t wait);

/* Returns for how many ms from now on the host is left alone; 0 when it may be asked. */
uint64_t host_pause(const struct host *host, uint64_t now);

/* Returns which part of its rate it granted in the last minute; 1 around its refusals; 0 without a limit. */
double host_load(struct host *host, uint64_t now);

/* Fills report with what there is to tell about host at the time now. */
void host_report(struct host *host, uint64_t now, struct host_report *report);

/* Returns the budget of host, to be kept for the next run; NULL: hosts_limit has given it. */
struct budget *host_budget(struct host *host);

/*
 * Returns a pause in ms for the n-th failure in a row, n >= 1. The longest possible pause is 1 s,
 * doubled with each failure after the first, but not more than most times, most < 20; a random
 * number up to that is returned, which is at least 100 ms.
 */
uint64_t hosts_backoff(struct hosts *hosts, unsigned n, unsigned most);

#endif
