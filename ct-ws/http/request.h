/*
 * Requests of HTTP/1.1 (RFC 9112), read strictly. What can be understood in
 * two ways is refused, since a proxy in front may have understood it in the
 * other one. No body is ever read. A GET or HEAD with a body is refused; of a
 * request with another method, which will be refused for its method, only the
 * head is taken.
 */
#ifndef CT_WS_HTTP_REQUEST_H
#define CT_WS_HTTP_REQUEST_H

#include "base/span.h"

enum { MAX_HTTP_HEAD = 8 * 1024 };	/* bytes of a request head: keeps connections small */

enum request_method {
	REQUEST_GET,
	REQUEST_HEAD,
	REQUEST_OTHER,
};

/* The spans point into the bytes that were parsed. */
struct request {
	enum request_method method;
	struct span path;		/* as sent, not decoded, without the query */
	bool keep_alive;		/* false where a body follows: the connection must be closed */
	bool upgrade;			/* Upgrade names websocket and Connection names upgrade */
	struct span key;		/* Sec-WebSocket-Key; empty where it is missing or repeated */
	struct span version;		/* Sec-WebSocket-Version; empty where it is missing or repeated */
	size_t length;			/* bytes of the head, up to and with the empty line */
	unsigned status;		/* of REQUEST_BAD: the status to answer with */
	const char *why;		/* of REQUEST_BAD: the reason for people, static text */
};

/* What request_parse has found. */
enum request_got {
	REQUEST_MORE,		/* the head is not whole yet; nothing is set */
	REQUEST_REQUEST,	/* a request; all members but status and why are set */
	REQUEST_BAD,		/* status and why are set; the connection must be closed */
};

/*
 * Reads the request at the front of bytes, which are all bytes of the connection that have come
 * and have not been answered. Returns what it has found, as enum request_got says.
 */
enum request_got request_parse(struct span bytes, struct request *);

#endif
