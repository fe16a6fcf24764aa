/* Sends responses (RFC 9112). */
#ifndef LOG_RESPONSE_H
#define LOG_RESPONSE_H

#include "tests/log/http.h"

/* What the header of a request asks for. */
struct wish {
	bool head;	/* no body */
	bool close;
	bool gzip;	/* an Accept-Encoding allows it */
	bool coding;	/* there is an Accept-Encoding */
	int refuse;	/* an error status, after which the connection ends, or 0 */
};

/* Returns the phrase that goes with this status, a static text. */
const char *response_reason(int status);
/*
 * Sends response over fd, as wish asks for it, and frees what it holds. *sent is set to how many bytes of
 * its body went out. Returns true when the connection can take another request, or false when it has to
 * be closed.
 */
bool response_send(int fd, const struct wish *wish, struct http_response *response, uint64_t *sent);

#endif
