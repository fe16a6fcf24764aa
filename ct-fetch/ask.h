/*
 * One request to a log: the limiter of its host is kept, its outcome counted.
 * Whoever asks embeds a struct ask in what the answer belongs to.
 */
#ifndef CT_FETCH_ASK_H
#define CT_FETCH_ASK_H

#include "ct-fetch/fetch.h"
#include "ct-fetch/http.h"

struct ask {
	struct fetch *fetch;
	struct host *host;
	struct http_transfer *transfer;	/* NULL: none under way */
	void (*done)(void *cookie, struct http_answer *);
	void *cookie;
};

void ask_init(struct ask *, struct fetch *, struct host *,
    void (*done)(void *cookie, struct http_answer *), void *cookie);

/*
 * Asks, unless the host must not be asked now: then false, and *again (loop
 * ms) becomes the earlier of what it was and when to try again. The URL is
 * base and path, one behind the other.
 */
bool ask_start(struct ask *, const char *base, const char *path, size_t most,
    bool decode, uint64_t *again);
void ask_cancel(struct ask *);	/* done will not be called; fine when idle */

/* What went wrong, for people: "HTTP 429" or libcurl's words. */
const char *ask_why(const struct http_answer *, char out[MAX_WHY]);

#endif
