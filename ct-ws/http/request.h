/*
 * Requests of HTTP/1.1 (RFC 9112), read strictly. What can be understood in
 * two ways is refused, since a proxy in front may have understood it in the
 * other one. No body is ever read. A GET or HEAD with a body is refused; of a
 * request with another method only the head is taken.
 */
#ifndef CT_WS_HTTP_REQUEST_H
#define CT_WS_HTTP_REQUEST_H

#include "base/buf.h"

enum { MAX_HTTP_HEAD = 8 * 1024 };	/* bytes of a request head: keeps connections small */

enum request_method {
	REQUEST_GET,
	REQUEST_HEAD,
	REQUEST_OPTIONS,
	REQUEST_OTHER,
};

/*
 * The spans point into the bytes that were parsed. A request in which one of the fields
 * named here stands twice is refused, so none of them is ever ambiguous. A field that is
 * missing is an empty span.
 */
struct request {
	enum request_method method;
	struct span path;		/* as sent, not decoded, without the query; "*" only for OPTIONS */
	struct span query;		/* what is behind the "?", as sent; empty where there is none */
	bool keep_alive;		/* false where a body follows: the connection must be closed */
	bool upgrade;			/* Upgrade names websocket and Connection names upgrade */
	struct span key;		/* Sec-WebSocket-Key */
	struct span version;		/* Sec-WebSocket-Version */
	struct span origin;		/* Origin */
	struct span authorization;	/* Authorization: the scheme, and what proves the right */
	struct span last_event_id;	/* Last-Event-ID, which EventSource sends to go on */
	struct span cors_method;	/* Access-Control-Request-Method, which makes OPTIONS a preflight */
	struct span fields;		/* the lines of all header fields, each with its CRLF */
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
 * and have not been answered. Returns what it has found; enum request_got says what of *r is set.
 */
enum request_got request_parse(struct span bytes, struct request *r);

/*
 * Goes through the lines of a field that may stand more than once, such as X-Forwarded-For.
 * *rest must be the member fields of the request at first. Each call takes from *rest all up to
 * the next line with this name (in any case), sets *value to what it says, and returns true;
 * when there is none any more, returns false.
 */
bool request_next(struct span *rest, const char *name, struct span *value);

/*
 * Appends to out what all lines of the field name say, in their order, with ", " between them,
 * which is what several lines mean (RFC 9110 section 5.3). Appends nothing when there is none.
 */
void request_join(const struct request *r, const char *name, struct buf *out);

/* Returns true when the client can take an answer in the coding gzip (RFC 9110 section 12.5.3). */
bool request_takes_gzip(const struct request *r);

#endif
