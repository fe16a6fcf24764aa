/*
 * A transfer: one request of libcurl's and what has come of its answer. It says when an answer takes
 * too long, and what to make of it at the end. It is a part of the door to libcurl: only http.c uses
 * it.
 */
#ifndef CT_FETCH_TRANSFER_H
#define CT_FETCH_TRANSFER_H

#include <curl/curl.h>

#include "ct-fetch/net/http.h"
#include "ct-fetch/net/pace.h"

/* How far a transfer was at the last tick. */
enum transfer_stage {
	TRANSFER_UNSENT,	/* it has no connection yet */
	TRANSFER_SENT,		/* an answer is awaited */
	TRANSFER_REFUSED,	/* a status other than 200 has come */
	TRANSFER_TAKING,	/* 200 has come, and the body is awaited */
};

/* What ended a transfer that libcurl would have let go on. */
enum transfer_end {
	TRANSFER_GOES,		/* nothing has */
	TRANSFER_LEFT,		/* the status is not 200, and the rest of the body is not awaited */
	TRANSFER_UNUSABLE,	/* the state of the body says why no more was taken */
	TRANSFER_SILENT,	/* no answer came in time */
	TRANSFER_SLOW,		/* the body came too slowly */
};

struct transfer {
	CURL *easy;
	struct header header;
	struct body body;
	struct pace pace;
	size_t most;		/* bytes that the body of 200 may have */
	bool guess;		/* as in struct http_ask */
	bool file;		/* the URL is one of a file */
	enum transfer_stage stage;
	unsigned ticks;		/* in this stage */
	size_t drained;		/* bytes that have come of the body of a status other than 200 */
	enum transfer_end end;
	char error[CURL_ERROR_SIZE];
};

/*
 * Makes transfer ready to be started: nothing has come yet. easy, most, guess and file must be set,
 * and the options of easy that do not concern the answer.
 */
void transfer_reset(struct transfer *transfer);

/* Frees what transfer owns, easy included. */
void transfer_free(struct transfer *transfer);

/* Returns the status of the answer, 200 for a file, or 0 when none has come. */
int transfer_status(const struct transfer *transfer);

/* Returns true when the request has gone out, so that what fails then is not the connecting. */
bool transfer_is_sent(const struct transfer *transfer);

/*
 * Counts a tick, which comes every PACE_TICK ms. Returns false when the transfer must not be waited
 * for any more; then end says why.
 */
bool transfer_tick(struct transfer *transfer);

/*
 * Fills the members status, cut, too_long and why of answer, at the end of the transfer. code is
 * what libcurl says, or anything when end has been set by transfer_tick.
 */
void transfer_judge(struct transfer *transfer, CURLcode code, struct http_answer *answer);

/* Writes text to the MAX_WHY bytes at out, every byte as \xNN that is not printable ASCII. */
void transfer_escape(char *out, const char *text);

#endif
