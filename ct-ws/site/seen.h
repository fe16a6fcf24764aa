/*
 * What an event says of the log entry that it comes from: which log, what kind of entry,
 * and when it was logged. Only a few bytes at both ends of the event are read, so that
 * this costs little beside the event.
 */
#ifndef CT_WS_SITE_SEEN_H
#define CT_WS_SITE_SEEN_H

#include "enc/json.h"

enum { MAX_SEEN_END = 2048 };	/* bytes at the end of an event within which its source must stand */

enum seen_kind {
	SEEN_NONE,	/* the event does not say, as those of the form domains */
	SEEN_REGULAR,
	SEEN_PRECERT,
};

struct seen {
	enum seen_kind kind;
	bool has_source;	/* name and url are set */
	struct json_str name, url;	/* as they stand in the event; url may lack its scheme */
	struct json_str type;	/* "rfc6962" or "tiled"; empty where the event does not say */
	uint64_t timestamp;	/* when the entry was logged, in ms since 1970; 0 where it does not say */
};

/* Reads event, one line in either format, and sets all members of *seen. */
void seen_find(struct span event, struct seen *seen);

#endif
