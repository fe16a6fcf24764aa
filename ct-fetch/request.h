/*
 * One request to a log: the limiter of its host is kept, its outcome counted.
 * Whoever asks embeds a struct request in what the answer belongs to.
 */
#ifndef CT_FETCH_REQUEST_H
#define CT_FETCH_REQUEST_H

#include "ct-fetch/fetch.h"
#include "ct-fetch/http.h"

struct request {
	struct fetch *fetch;
	struct host *host;
	struct http_transfer *transfer;	/* NULL: none under way */
	void (*done)(void *cookie, struct http_answer *);
	void *cookie;
};

void request_init(struct request *, struct fetch *, struct host *,
    void (*done)(void *cookie, struct http_answer *), void *cookie);

/*
 * Asks, unless the host must not be asked now: then false, and *again (loop
 * ms) becomes the earlier of what it was and when to try again. The URL is
 * base and path, one behind the other.
 */
bool request_start(struct request *, const char *base, const char *path, size_t most,
    bool decode, uint64_t *again);
void request_cancel(struct request *);	/* done will not be called; fine when idle */

/* What went wrong, for people: "HTTP 429" or libcurl's words. */
const char *request_why(const struct http_answer *, char out[MAX_WHY]);

#endif
