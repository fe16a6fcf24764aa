/*
 * A header: what the head of an HTTP answer says that matters to ct-fetch. It is read line by line,
 * as libcurl hands it over, and not trusted.
 */
#ifndef CT_FETCH_HEADER_H
#define CT_FETCH_HEADER_H

#include "ct-fetch/net/body.h"

enum {
	/* Bytes that a value of these fields may have, NUL included; a longer one is dropped. */
	MAX_RETRY_AFTER = 64,
	MAX_ETAG = 128,
	MAX_LOCATION = 2048,
};

struct header {
	char retry_after[MAX_RETRY_AFTER];	/* the value of Retry-After, or "" */
	char etag[MAX_ETAG];			/* the value of ETag, or "" */
	char location[MAX_LOCATION];		/* the value of Location, or "" */
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
