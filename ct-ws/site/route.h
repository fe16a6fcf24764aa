/*
 * The paths that ct-ws serves, and the answers of plain HTTP. The paths are
 * those of CaliDog's server and of certstream-server-go, and some more.
 */
#ifndef CT_WS_SITE_ROUTE_H
#define CT_WS_SITE_ROUTE_H

#include "ct-ws/http/answer.h"
#include "ct-ws/http/request.h"
#include "ct-ws/site/site.h"

enum route_what {
	ROUTE_NONE,	/* nothing is at this path */
	ROUTE_STREAM,	/* a WebSocket; without an upgrade, the page or a line that explains */
	ROUTE_SSE,	/* server-sent events */
	ROUTE_NDJSON,	/* lines of JSON, without end */
	ROUTE_LATEST,
	ROUTE_EXAMPLE,
	ROUTE_METRICS,
	ROUTE_HEALTH,
	ROUTE_HEALTH_DEEP,
	ROUTE_STATS,
	ROUTE_FILE,	/* a file of the page, but for the page itself, which is at the stream lite */
};

struct route {
	enum route_what what;
	enum form form;		/* of the stream, or of the events in the answer */
	int file;		/* number of the file that a plain GET gets; -1: none */
};

/* Returns true for a stream over plain HTTP. */
static inline bool
route_is_endless(struct route route)
{
	return route.what == ROUTE_SSE || route.what == ROUTE_NDJSON;
}

/*
 * Returns what is at the path `sent`, as a request has it: with escapes, if it has any, and without a
 * query. A slash at its end makes no difference.
 */
struct route route_find(struct span sent);

/*
 * Returns the answer to r, a request for route that does not ask for a WebSocket; the
 * caller owns its body. It is the answer to GET; for HEAD the caller does not send the
 * body. now is the time of the loop's clock in ms.
 */
struct answer route_answer(struct site *site, struct route route, const struct request *request,
    uint64_t now);

#endif
