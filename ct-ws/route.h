/*
 * The paths that ct-ws serves, and the answers of plain HTTP. The paths are
 * those of CaliDog's server and of certstream-server-go, and some more.
 */
#ifndef CT_WS_ROUTE_H
#define CT_WS_ROUTE_H

#include "ct-ws/answer.h"
#include "ct-ws/request.h"
#include "ct-ws/site.h"

enum route_what {
	ROUTE_NONE,	/* nothing is at this path */
	ROUTE_STREAM,	/* a WebSocket; without an upgrade, the page or a line that explains */
	ROUTE_LATEST,
	ROUTE_EXAMPLE,
	ROUTE_METRICS,
	ROUTE_HEALTH,
	ROUTE_HEALTH_DEEP,
	ROUTE_STYLE,
	ROUTE_SCRIPT,
};

struct route {
	enum route_what what;
	enum form form;		/* of the stream, or of the events in the answer */
};

/* Finds what is at path, which has no query; a slash at its end makes no difference. */
struct route route_find(struct span path);

/*
 * Answers a request for the route without an upgrade, from what site has. HEAD
 * is answered as GET is: whoever sends the answer leaves its body out. now is
 * the time of the loop's clock in ms.
 */
struct answer route_answer(struct site *site, struct route, const struct request *, uint64_t now);

#endif
