/*
 * The newest events that the hub has published, kept for the question "latest".
 * They lie one behind the other in one buffer, so that the answer is ready at any
 * time.
 */
#ifndef CT_HUB_RECENT_H
#define CT_HUB_RECENT_H

#include "base/buf.h"

enum {
	MAX_KEEP = 1000,		/* events: bounds the cost of an answer */
	MAX_KEEP_BYTES = 16 << 20,	/* of all kept events, unless the newest alone is longer */
};

struct recent {
	struct buf lines;	/* owned; each line has its LF */
	size_t from;		/* offset in lines of the oldest event that is still kept */
	unsigned count;		/* events kept */
	unsigned most;		/* events to keep */
};

/* Prepares to keep the newest `most` events; with 0, nothing is kept. */
void recent_init(struct recent *, unsigned most);

/* Frees the kept events. */
void recent_free(struct recent *);

/*
 * Keeps a copy of line, one event with its LF, and drops the oldest events beyond
 * `most` and MAX_KEEP_BYTES.
 */
void recent_put(struct recent *, struct span line);

/* Returns the kept events, oldest first, each with its LF; valid until the next recent_put. */
struct span recent_lines(const struct recent *);

#endif
