/*
 * An origin: what is known of the connections to one scheme, host name and port. It says when the
 * next transfer must go over new ones, because the old ones are old, much used or have gone silent,
 * and whether HTTP/2 works there.
 *
 * A connection that has gone silent looks like any other, and with HTTP/2 all logs of a host share
 * it. So after a time-out no connection to the origin is used again. now is in loop ms (loop_now).
 */
#ifndef CT_FETCH_ORIGIN_H
#define CT_FETCH_ORIGIN_H

#include <stdbool.h>
#include <stdint.h>

struct pool;

enum {
	ORIGIN_LIFE = 600 * 1000,	/* ms; some logs slow down old connections */
	ORIGIN_USES = 1000,		/* transfers over the same connections */
	ORIGIN_BREAKS = 3,		/* failures of HTTP/2 in a row after which HTTP/1.1 is used */
	ORIGIN_ONE = 3600 * 1000,	/* ms for which HTTP/1.1 is used then */
};

struct origin {
	char *name;		/* scheme://host:port as the URL has it */
	struct pool *pool;	/* where new transfers go; NULL: there is none. Only http.c uses it */
	uint64_t since;		/* loop ms: when pool was made */
	unsigned uses;		/* transfers that were started in it */
	bool left;		/* a transfer in it has failed: no new ones are started there */
	unsigned breaks;	/* failures of HTTP/2 in a row */
	uint64_t one_until;	/* loop ms: HTTP/1.1 is used until then */
	struct origin *next;
};

/*
 * Returns the origin of url in *list, to which it is added when it is not there. URLs whose scheme,
 * name and port are the same, in upper or lower case, have the same origin.
 */
struct origin *origin_find(struct origin **list, const char *url);

/* Frees the first origin of *list, whose pool must be gone, and takes it off. */
void origin_free(struct origin **list);

/* Returns true when the next transfer must go over new connections. */
bool origin_is_stale(const struct origin *origin, uint64_t now);

/* Notes at the time now that new transfers go to pool, which is new. */
void origin_renew(struct origin *origin, struct pool *pool, uint64_t now);

/* Counts one more transfer in the pool, and returns that. */
struct pool *origin_use(struct origin *origin);

/* Returns true when HTTP/2 may be used, where the server offers it. */
bool origin_may_two(const struct origin *origin, uint64_t now);

/* Notes that an answer came, by HTTP/2 when two is true. */
void origin_answered(struct origin *origin, bool two);

/*
 * Notes that a transfer over pool got no whole answer after its connection had been made. two says
 * that it may have used HTTP/2. Of the failures in one pool only the first counts.
 */
void origin_failed(struct origin *origin, const struct pool *pool, bool two, uint64_t now);

#endif
