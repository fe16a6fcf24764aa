/* Paths, and what plain HTTP requests for them are answered with. */
#ifndef CT_WS_ROUTE_H
#define CT_WS_ROUTE_H

#include "ct-ws/body.h"
#include "ct-ws/request.h"
#include "ct-ws/server.h"

enum route_what {
	ROUTE_NONE,
	ROUTE_STREAM,	/* a WebSocket; asked plainly, the page or a word of help */
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
	enum form form;
};

/* A trailing slash makes no difference. */
struct route route_find(struct span path);

struct answer {
	unsigned status;
	const char *type;	/* Content-Type */
	const char *fields;	/* further header fields, each with its CRLF; static */
	bool upgrade;		/* asks for a WebSocket: Upgrade, also named in Connection (RFC 9110 7.8) */
	struct body *body;	/* a reference that is the answer's */
};

/* What the request is answered with, HEAD as GET. */
struct answer route_answer(struct server *, struct route, const struct request *);

/* A short text and its line end; fields may be "". */
struct answer route_refuse(unsigned status, const char *why, const char *fields);

/* The same, and the client is asked to open a WebSocket instead. */
struct answer route_refuse_upgrade(unsigned status, const char *why, const char *fields);

/* Appends the status line and header of an answer. */
void route_put_head(struct buf *, const struct answer *, bool keep_alive);

#endif
