/*
 * How hard one host may be asked: at most so many requests at a time, none
 * while it has told us to wait. All logs on a host share one of these.
 *
 * Times are milliseconds of the loop's clock unless said otherwise.
 */
#ifndef CT_FETCH_HOST_H
#define CT_FETCH_HOST_H

#include <stdbool.h>
#include <stdint.h>

struct hosts;
struct host;

enum host_outcome {
	HOST_GOOD,	/* an answer, be it a refusal such as 404 */
	HOST_LIMITED,	/* 429 or 503 */
	HOST_FAILED,	/* another 5xx, a time-out, a broken connection */
	HOST_UNKNOWN,	/* cancelled */
};

#define HOST_NEVER UINT64_MAX	/* not by time: after another request has ended */

struct hosts *hosts_open(uint64_t seed);
void hosts_free(struct hosts *);

/* The host of a URL (scheme, name and port); lives as long as hosts. */
struct host *host_find(struct hosts *, const char *url);

bool host_is_local(const struct host *);	/* file or loopback */

/* May a request start now? If not, *again is when to ask again, or HOST_NEVER. */
bool host_may(const struct host *, uint64_t now, uint64_t *again);

/* Each start is followed by one end. wait is the pause asked for in ms, or 0. */
void host_start(struct host *);
void host_end(struct host *, uint64_t now, enum host_outcome, uint64_t wait);

/* How long the host is left alone from now on, 0 when it is not. */
uint64_t host_pause(const struct host *, uint64_t now);

/*
 * A pause after the n-th failure in a row (n >= 1): between half of and the
 * whole of 1 s doubled n - 1 times, at most 2^most s.
 */
uint64_t hosts_backoff(struct hosts *, unsigned n, unsigned most);

/*
 * Reads the value of a Retry-After header: seconds, or a date in any of the
 * three forms of RFC 9110 5.6.7 with any zone name, which is taken for UTC.
 * now is the time of day in seconds since 1970. Returns the pause in
 * milliseconds, never less than 1 s nor more than 10 min, or 0 when value
 * cannot be read.
 */
uint64_t host_retry_after(const char *value, int64_t now);

#endif
