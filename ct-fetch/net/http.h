/*
 * HTTP transfers by libcurl, all of them in one event loop. URLs may have the schemes http, https
 * and file. The certificate of an https server is verified, with the authorities in
 * $SSL_CERT_FILE or, where that is not set, those of the system. A redirect is followed when it
 * leads to the same scheme, host name and port, up to MAX_REDIRECTS times; another one is an answer
 * with its status. After a time-out no connection to that host is used again.
 *
 * No server can keep a transfer for ever: the connection, the answer and the pace of the body have
 * limits. gzip and deflate are undone (body.h). Answers are handed over one at a time, each in a turn of
 * the loop of its own, so that what the answer before has led to is done first and only one body is
 * unpacked at a time.
 */
#ifndef CT_FETCH_HTTP_H
#define CT_FETCH_HTTP_H

#include "ct-fetch/net/header.h"
#include "os/loop.h"

struct http;
struct http_transfer;

enum {
	HTTP_CONNECT = 15000,	/* ms to a connection, name look-up and TLS included */
	MAX_WHY = 256,		/* bytes of a reason, NUL included */
	MAX_REDIRECTS = 3,	/* followed for one transfer */
	MAX_REFUSAL = 256,	/* bytes kept of a body that did not come with 200 */
};

/*
 * What came of a transfer. A body of 200 that comes with less than 1 KB/s for 30 s is cut. A body of
 * another status never makes the transfer fail: when it is long or slow, its rest is not awaited.
 */
struct http_answer {
	int status;		/* of HTTP; 200 or 404 for a file; 0: there was no answer */
	bool cut;		/* the body of 200 broke off; what came before is in body */
	bool too_long;		/* status is 0 because the body is longer than allowed */
	/*
	 * What went wrong when status is 0 or cut is set; where a redirect leads that was not
	 * followed, with its status; else "". Printable ASCII, whatever the server has sent.
	 */
	char why[MAX_WHY];
	char retry_after[MAX_RETRY_AFTER];	/* the value of that header, or "" */
	char etag[MAX_ETAG];	/* the value of that header, or "" */
	/* Unpacked, but empty where a packed one came with another status than 200. done may take it. */
	struct buf body;
};

/* What to get, and how. */
struct http_ask {
	const char *url;	/* copied */
	size_t most;		/* bytes of body after unpacking; a longer body becomes status 0 */
	unsigned connect;	/* ms to a connection; 0: HTTP_CONNECT */
	unsigned deadline;	/* ms for the whole transfer; 0: as long as its pace lasts */
	bool guess;		/* gzip is undone also where no header tells of it */
	bool fresh;		/* over a connection of its own, which is new */
	const char *unless;	/* an etag: if the body still has it, 304 comes; NULL: none */
	void (*done)(void *cookie, struct http_answer *answer);
	void *cookie;
};

/*
 * Starts libcurl for use in loop, and returns what http_free frees. agent, which is copied, is sent as
 * User-Agent. Ends the process with 111 when libcurl does not start.
 */
struct http *http_open(struct loop *loop, const char *agent);

/* Closes all connections. All transfers must have ended or been cancelled. */
void http_free(struct http *http);

/*
 * Starts a transfer of what `ask` says. ask->done(cookie, answer) is called once, from the loop; the
 * answer is valid during the call. Returns the transfer, which can be cancelled until then.
 */
struct http_transfer *http_start(struct http *http, const struct http_ask *ask);

/* Ends transfer without a call of done. */
void http_cancel(struct http_transfer *transfer);

/* Takes back body, which done has taken, and keeps its memory for later or frees it. body is then empty. */
void http_give_back(struct http *http, struct buf *body);

/* Frees the memory that http_give_back has kept. */
void http_trim(struct http *http);

#endif
