/*
 * HTTP by libcurl, all transfers on the one loop; the only file of ct-fetch
 * that knows libcurl. http, https (verified, by $SSL_CERT_FILE if it is set)
 * and file are spoken; a redirect is an answer like any other and not followed.
 */
#ifndef CT_FETCH_HTTP_H
#define CT_FETCH_HTTP_H

#include "base/buf.h"
#include "os/loop.h"

struct http;
struct http_transfer;

enum {
	HTTP_CONNECT = 15000,	/* ms to a connection, name look-up and TLS included */
	HTTP_STALL = 30,	/* seconds without a byte end a transfer; there is no other time limit */
	MAX_RETRY_AFTER = 64,	/* bytes of the header kept */
	MAX_WHY = 256,		/* bytes of a reason, NUL included */
	MAX_REFUSAL = 256,	/* bytes kept of a body that did not come with 200 */
};

struct http_answer {
	int status;		/* of HTTP; 200 or 404 for a file; 0: none came */
	bool cut;		/* body ends before its end */
	char why[MAX_WHY];		/* what went wrong when status is 0 or cut is set, else "" */
	char retry_after[MAX_RETRY_AFTER];	/* the header as it came, or "" */
	struct buf body;	/* done may take it and leave an empty one in its place */
};

struct http_ask {
	const char *url;	/* copied */
	size_t most;		/* bytes of body, decoded; a longer one fails without an answer */
	unsigned connect;	/* ms; 0 is HTTP_CONNECT */
	bool decode;		/* gzip is undone on the way; else the body stays as it was sent */
	void (*done)(void *cookie, struct http_answer *);
	void *cookie;
};

/* agent goes out as User-Agent. NULL when libcurl cannot be had. */
struct http *http_open(struct loop *, const char *agent);
void http_free(struct http *);	/* all transfers must have ended */

/* done is called once, later, unless the transfer is cancelled before. */
struct http_transfer *http_start(struct http *, const struct http_ask *);
void http_cancel(struct http_transfer *);

#endif
