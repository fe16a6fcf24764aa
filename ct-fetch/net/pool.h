/*
 * A pool: connections to one origin, and the transfers that run over them, in the event loop. A
 * transfer never uses a connection of another pool, so a pool that gets no new transfers is how
 * connections are left behind. It is a part of the door to libcurl: only http.c uses it.
 */
#ifndef CT_FETCH_POOL_H
#define CT_FETCH_POOL_H

#include <curl/curl.h>

#include "os/loop.h"

struct pool {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer timer;	/* when libcurl wants to be called though nothing came */
	void (*ended)(void *transfer, CURLcode code);
	unsigned running;		/* transfers in it */
	unsigned entered;		/* calls of libcurl that have not returned: it must stay */
	struct pool *next;		/* for a list of the caller's */
};

/*
 * Returns a new pool in loop. ended(transfer, code) is called at the end of each transfer; transfer is
 * its CURLINFO_PRIVATE, and code what libcurl says of the end. ended must call pool_stop. Ends the
 * process with 111 when libcurl cannot make a pool.
 */
struct pool *pool_open(struct loop *loop, void (*ended)(void *transfer, CURLcode code));

/* Closes the connections of pool and frees it. pool_is_idle must return true for it. */
void pool_close(struct pool *pool);

/* Starts the transfer that easy describes. */
void pool_start(struct pool *pool, CURL *easy);

/* Takes the transfer of easy out of pool, whether it has ended or not. easy may then be started anew. */
void pool_stop(struct pool *pool, CURL *easy);

/* Returns true when no transfer is in the pool and it may be closed. */
bool pool_is_idle(const struct pool *pool);

#endif
