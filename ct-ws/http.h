/*
 * Requests of HTTP/1.1 (RFC 9112), read strictly: what can be understood in
 * two ways is refused, since a proxy in front may have chosen the other one.
 * Requests with a body are refused too; nothing here takes one.
 */
#ifndef CT_WS_HTTP_H
#define CT_WS_HTTP_H

#include "base/span.h"

enum { MAX_HTTP_HEAD = 8 * 1024 };	/* keeps a connection's memory small */

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_OTHER,
};

/* The spans lie in the bytes parsed. */
struct http_request {
	enum http_method method;
	struct span path;		/* as sent, without query; not decoded */
	bool keep_alive;
	bool upgrade;			/* Upgrade names websocket and Connection names upgrade */
	struct span key;		/* Sec-WebSocket-Key; empty when missing or repeated */
	struct span version;		/* Sec-WebSocket-Version, likewise */
	size_t length;			/* of the head, the empty line included */
	unsigned status;		/* of HTTP_BAD: the one to answer with */
	const char *why;		/* of HTTP_BAD: static text for people */
};

enum http_got {
	HTTP_MORE,	/* the head is not whole yet */
	HTTP_REQUEST,
	HTTP_BAD,	/* status and why; the connection cannot go on */
};

enum http_got http_parse(struct span bytes, struct http_request *);

#endif
