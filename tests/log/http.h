/*
 * A small HTTP/1.1 server for loopback: a thread a connection, keep-alive,
 * GET and HEAD only (RFC 9112).
 */
#ifndef LOG_HTTP_H
#define LOG_HTTP_H

#include <stdbool.h>

#include "tests/log/bytes.h"

#define HTTP_REQUEST     8192	/* request line and header, at most; longer is 431 */
#define HTTP_CONNECTIONS 256	/* at once; one more is 503 */
#define HTTP_IDLE        60	/* seconds a connection may be silent or not take bytes */

enum http_coding {
	HTTP_PLAIN,	/* never compressed */
	HTTP_MAY_GZIP,	/* compressed for those who ask */
	HTTP_GZIP	/* compressed but for those whose Accept-Encoding has no gzip */
};

struct http_request {
	const char *path;	/* from the first slash, not unescaped */
	const char *query;	/* behind the question mark, or "" */
};

struct http_response {
	int status;
	const char *type;	/* Content-Type; static */
	const char *cache;	/* Cache-Control; static */
	enum http_coding coding;
	struct bytes body;	/* freed by the server */
};

struct http_site {
	/* Fills an empty response; called from many threads at once. */
	void (*answer)(void *arg, const struct http_request *, struct http_response *);
	void *arg;
};

/* Listens on 127.0.0.1; port 0 is any. Returns the socket and sets the port. */
int http_listen(unsigned *port);
/* Serves for ever. */
_Noreturn void http_serve(int socket, const struct http_site *);

/* Puts a short text as the body. */
void http_fail(struct http_response *, int status, const char *text);

#endif
