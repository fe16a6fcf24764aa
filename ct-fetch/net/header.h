/*
 * A header: what the head of an HTTP answer says that matters to ct-fetch. It is read line by line,
 * as libcurl hands it over, and not trusted.
 */
#ifndef CT_FETCH_HEADER_H
#define CT_FETCH_HEADER_H

#include "ct-fetch/net/body.h"

enum {
	MAX_RETRY_AFTER = 64,	/* bytes kept of that field, NUL included; a longer one is dropped */
	MAX_ETAG = 128,		/* the same */
	MAX_LOCATION = 2048,	/* the same */
};

struct header {
	char retry_after[MAX_RETRY_AFTER];	/* the value of that field, or "" */
	char etag[MAX_ETAG];			/* the same */
	char location[MAX_LOCATION];		/* the same */
	enum body_coding coding;		/* what Content-Encoding says */
};

/* Forgets everything. */
void header_reset(struct header *header);

/*
 * Takes a line, with or without CR and LF. A status line begins a new answer, so that only the last
 * one counts of several, such as 103 and 200.
 */
void header_put(struct header *header, struct span line);

#endif
