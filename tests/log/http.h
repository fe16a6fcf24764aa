/*
 * A small HTTP/1.1 server for loopback (RFC 9112). It has a thread for each
 * connection, keeps connections open, and knows GET and HEAD only.
 */
#ifndef LOG_HTTP_H
#define LOG_HTTP_H

#include <stdbool.h>

#include "tests/log/bytes.h"
#include "tests/log/fault_wire.h"

#define HTTP_REQUEST     8192	/* most bytes of request line and header; 431 is the answer to more */
#define HTTP_CONNECTIONS 1024	/* most connections at a time; 503 is the answer to one more */
#define HTTP_IDLE        60	/* seconds that a connection may neither send nor take bytes */

enum http_coding {
	HTTP_PLAIN,	/* never compressed */
	HTTP_MAY_GZIP,	/* compressed when Accept-Encoding has gzip */
	HTTP_GZIP	/* compressed also without Accept-Encoding, but not when one has no gzip */
};

struct http_request {
	const char *path;	/* from the first slash to the question mark, as it was sent */
	const char *query;	/* behind the question mark, or "" */
	const char *agent;	/* User-Agent, or "" */
	uint32_t address;	/* of the client: IPv4, in the byte order of this machine */
};

struct http_response {
	int status;
	const char *type;	/* Content-Type; static */
	const char *cache;	/* Cache-Control; static */
	enum http_coding coding;
	struct bytes fields;	/* more lines of the header, each with CR LF; freed by the server */
	struct bytes body;	/* freed by the server */
	struct fault_wire wire;	/* what goes wrong while it is sent */
	const char *endpoint;	/* for the list of requests: which one answered, static, or NULL */
	uint64_t entries;	/* and how many entries of the log are in the body */
};

struct http_site {
	/* Fills an empty response. Many threads call it at once, each with arg. */
	void (*answer)(void *arg, const struct http_request *, struct http_response *);
	void *arg;
	int requests;	/* a file to which a line is written for each request, or -1 */
};

/*
 * Listens on the loopback address 127.0.0.last at *port, or at any free port when it is 0,
 * which is then set. Returns the socket. The process ends with 111 when it cannot.
 */
int http_listen(unsigned last, unsigned *port);
/*
 * Answers the requests that come over socket, with the answers of site, as long as the process lives; it
 * does not return. Several threads may do so for one site, each with its socket.
 */
_Noreturn void http_serve(int socket, const struct http_site *site);

/* Makes *response an error, with this status and text as its body. */
void http_fail(struct http_response *response, int status, const char *text);

#endif
