/*
 * The list of requests: a line for each, in a file that a test counts. Its words are
 *
 *	SECONDS.MMM PORT METHOD TARGET STATUS BYTES ENDPOINT ENTRIES
 *
 * the time of the request since 1970, the client's port, the method, path and query, the
 * status (0 when no header was sent), the bytes of the body that were sent, compressed when
 * they were, which endpoint answered ("-" for none), and the entries of the log in the body.
 * The line is written when the answer has been sent, or when the client gave up.
 */
#ifndef LOG_ACCESS_H
#define LOG_ACCESS_H

#include <time.h>

#include "tests/log/http.h"

struct access {
	struct timespec when;
	unsigned port;
	const char *method;
	const char *path, *query;	/* as in struct http_request */
	int status;
	uint64_t bytes;
	const char *endpoint;		/* or NULL */
	uint64_t entries;
};

/*
 * Opens the file at path to append to it, and makes it if it is missing. Returns the descriptor. The
 * process ends with 111 on failure.
 */
int access_open(const char *path);
/* Appends a line for a to file, which access_open returned; does nothing when file is -1. */
void access_put(int file, const struct access *a);

#endif
