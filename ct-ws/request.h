/*
 * Requests of HTTP/1.1 (RFC 9112), read strictly: what can be understood in
 * two ways is refused, since a proxy in front may have chosen the other one.
 * No body is ever read. A GET or HEAD with one is refused; of a request with
 * another method, which will be refused for its method, only the head is taken.
 */
#ifndef CT_WS_REQUEST_H
#define CT_WS_REQUEST_H

#include "base/span.h"

enum { MAX_HTTP_HEAD = 8 * 1024 };	/* keeps a connection's memory small */

enum request_method {
	REQUEST_GET,
	REQUEST_HEAD,
	REQUEST_OTHER,
};

/* The spans lie in the bytes parsed. */
struct request {
	enum request_method method;
	struct span path;		/* as sent, without query; not decoded */
	bool keep_alive;		/* false where a body follows: the connection must be closed */
	bool upgrade;			/* Upgrade names websocket and Connection names upgrade */
	struct span key;		/* Sec-WebSocket-Key; empty when missing or repeated */
	struct span version;		/* Sec-WebSocket-Version, likewise */
	size_t length;			/* of the head, the empty line included */
	unsigned status;		/* of REQUEST_BAD: the one to answer with */
	const char *why;		/* of REQUEST_BAD: static text for people */
};

enum request_got {
	REQUEST_MORE,	/* the head is not whole yet */
	REQUEST_REQUEST,
	REQUEST_BAD,	/* status and why; the connection cannot go on */
};

enum request_got request_parse(struct span bytes, struct request *);

#endif
