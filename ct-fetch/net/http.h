/*
 * HTTP transfers by libcurl, all of them in one event loop. URLs may have the schemes http, https
 * and file. The certificate of an https server is verified, with the authorities in
 * $SSL_CERT_FILE or, where that is not set, those of the system. Redirects are not followed: one
 * is an answer with its status.
 */
#ifndef CT_FETCH_HTTP_H
#define CT_FETCH_HTTP_H

#include "base/buf.h"
#include "os/loop.h"

struct http;
struct http_transfer;

enum {
	HTTP_CONNECT = 15000,	/* ms to a connection, name look-up and TLS included */
	HTTP_STALL = 30,	/* seconds without a byte, which end a transfer; it has no other limit */
	MAX_RETRY_AFTER = 64,	/* bytes of the header kept */
	MAX_ETAG = 128,		/* bytes of the header kept, NUL included; a longer one is dropped */
	MAX_WHY = 256,		/* bytes of a reason, NUL included */
	MAX_REFUSAL = 256,	/* bytes kept of a body that did not come with 200 */
};

/* What came of a transfer. */
struct http_answer {
	int status;		/* of HTTP; 200 or 404 for a file; 0: there was no answer */
	bool cut;		/* the transfer broke off inside the body */
	char why[MAX_WHY];	/* what went wrong when status is 0 or cut is set, else "" */
	char retry_after[MAX_RETRY_AFTER];	/* the value of that header, or "" */
	char etag[MAX_ETAG];	/* the value of that header, or "" */
	struct buf body;	/* done may take it and leave an empty one in its place */
};

/* What to get, and how. */
struct http_ask {
	const char *url;	/* copied */
	size_t most;		/* bytes of body after decoding; a longer body becomes status 0 */
	unsigned connect;	/* ms to a connection; 0: HTTP_CONNECT */
	bool decode;		/* ask for gzip and undo it; else the body stays as it was sent */
	const char *unless;	/* an etag, with decode only: if it holds still, 304 comes; or NULL */
	void (*done)(void *cookie, struct http_answer *answer);
	void *cookie;
};

/*
 * Starts libcurl for use in loop. agent, which is copied, goes out as User-Agent. Ends the process
 * with 111 when libcurl does not start.
 */
struct http *http_open(struct loop *loop, const char *agent);

/* Closes all connections. All transfers must have ended or been cancelled. */
void http_free(struct http *http);

/*
 * Starts a transfer. Its done is called once, from the loop, with an answer that is valid during
 * the call. The transfer that is returned can be cancelled until then.
 */
struct http_transfer *http_start(struct http *http, const struct http_ask *ask);

/* Ends transfer without a call of done. */
void http_cancel(struct http_transfer *transfer);

#endif
