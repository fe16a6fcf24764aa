/*
 * An ask: one request at a time to the host of a log, which is started only when the host's
 * limiter (host.h) allows it and whose outcome the limiter and the counters learn. A struct ask
 * is embedded in what the answer is for, such as a page, and is used again and again.
 */
#ifndef CT_FETCH_ASK_H
#define CT_FETCH_ASK_H

#include "ct-fetch/fetch.h"
#include "ct-fetch/net/host.h"
#include "ct-fetch/net/http.h"

enum {
	ASK_SMALL = 30 * 1000,	/* ms: the deadline of answers that are small, such as heads */
};

/* What is asked for, and how. */
struct ask_request {
	/*
	 * base followed by path is the URL; it is copied. The pointer base also stands for the log, as
	 * the member who of struct host_request.
	 */
	const char *base, *path;
	enum host_class class;
	size_t most;		/* as in struct http_ask */
	unsigned deadline;	/* ms for the whole answer; 0: as long as its pace lasts (http.h) */
	bool fresh;		/* over a new connection of its own */
};

struct ask {
	struct fetch *fetch;
	struct host *host;
	struct host_request request;
	struct http_transfer *transfer;	/* NULL: none under way */
	struct fetch_asks *count;	/* also counts these requests; NULL unless the owner sets it */
	void (*done)(void *cookie, struct http_answer *answer);
	void *cookie;
};

/*
 * Prepares ask for requests to host, in the run fetch. done(cookie, answer) is called at the end of each
 * request; the answer is valid during the call (see http.h). fetch, host and cookie must outlive ask.
 */
void ask_init(struct ask *ask, struct fetch *fetch, struct host *host,
    void (*done)(void *cookie, struct http_answer *answer), void *cookie);

/*
 * Starts a request for what `request` says. Returns true, or false when the host must not be asked
 * now; then *again becomes the earlier of what it was and the loop ms to try again. No request
 * may be under way.
 */
bool ask_start(struct ask *ask, const struct ask_request *request, uint64_t *again);

/* Ends the request that is under way, if there is one, without a call of done. */
void ask_cancel(struct ask *ask);

/*
 * Writes to out what went wrong according to answer, such as "HTTP 429" or "no answer for 30 s", and
 * returns out. The text is printable ASCII, whatever the server has sent.
 */
const char *ask_why(const struct http_answer *answer, char out[MAX_WHY]);

#endif
