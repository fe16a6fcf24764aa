/*
 * A host: the limiter that all logs on one server share. It allows a number of requests at a
 * time, which it learns, and none while the server has told us to wait or has just failed.
 *
 * now, and each time that is returned, is in loop ms (loop_now) unless said otherwise.
 */
#ifndef CT_FETCH_HOST_H
#define CT_FETCH_HOST_H

#include <stdbool.h>
#include <stdint.h>

struct hosts;
struct host;

/* How a request ended. */
enum host_outcome {
	HOST_GOOD,	/* with an answer, which may be a refusal such as 404 */
	HOST_LIMITED,	/* with HTTP status 429 or 503: the host is asked too much */
	HOST_FAILED,	/* with another status of 5xx, a time-out or a broken connection */
	HOST_UNKNOWN,	/* ct-fetch cancelled it before there was an answer */
};

/*
 * What a request is for. When several wait for one host, those of an earlier class go first, so that
 * what matters most to the freshness of the stream is never held up by the rest.
 */
enum host_class {
	HOST_HEAD,	/* a tree head */
	HOST_PROOF,	/* hashes that prove entries which have come */
	HOST_PAGE,	/* entries at the end of a log */
	HOST_ISSUER,	/* an issuer of entries which have come */
	HOST_GAP,	/* entries that are owed from an earlier time */
	HOST_CLASSES
};

/* In place of a time to try again: no time helps, only the end of a request that is under way. */
#define HOST_NEVER UINT64_MAX

/*
 * Makes a set of hosts that has none yet. seed is any number that differs between runs: it makes
 * the pauses of hosts_backoff differ.
 */
struct hosts *hosts_open(uint64_t seed);

/* Frees the set and all hosts in it. */
void hosts_free(struct hosts *hosts);

/*
 * Returns the host of url; URLs with the same scheme, name and port have the same host. When
 * hosts does not have it yet, adds it. It lives as long as hosts.
 */
struct host *host_find(struct hosts *hosts, const char *url);

/* Returns true when the host stands for files, or has a loopback address. */
bool host_is_local(const struct host *host);

/*
 * Returns true when a request of this class may start now, and false when it may not; then *again
 * is the time to ask again, or HOST_NEVER.
 */
bool host_may(const struct host *host, enum host_class class, uint64_t now, uint64_t *again);

/* Tells host that a request starts. One call of host_end must follow each. */
void host_start(struct host *host);

/*
 * Tells host at the time now how a request ended. wait is the pause in ms that the server asked
 * for, or 0 when it did not ask for one.
 */
void host_end(struct host *host, uint64_t now, enum host_outcome outcome, uint64_t wait);

/* Returns for how many ms from now on the host is left alone; 0 when it may be asked. */
uint64_t host_pause(const struct host *host, uint64_t now);

/*
 * Returns a pause in ms for the n-th failure in a row, n >= 1. The longest possible pause is 1 s,
 * doubled with each failure after the first, but not more than most times; a random number
 * between half of that and the whole is returned.
 */
uint64_t hosts_backoff(struct hosts *hosts, unsigned n, unsigned most);

/*
 * Reads the value of a Retry-After header: seconds, or a date in any of the
 * three forms of RFC 9110 5.6.7 with any zone name, which is taken for UTC.
 * now is the time of day in seconds since 1970. Returns the pause in
 * milliseconds, never less than 1 s nor more than 10 min, or 0 when value
 * cannot be read.
 */
uint64_t host_retry_after(const char *value, int64_t now);

#endif
