/*
 * The newest events that the hub has published, kept for those who ask for
 * the latest. They lie one behind the other in one buffer, so that the answer
 * is ready at any time.
 */
#ifndef CT_HUB_RECENT_H
#define CT_HUB_RECENT_H

#include "base/buf.h"

enum {
	MAX_KEEP = 1000,		/* events: a question costs as much as it brings */
	MAX_KEEP_BYTES = 16 << 20,	/* of all of them, unless one alone is longer */
};

struct recent {
	struct buf lines;	/* owned; each line has its LF */
	size_t from;		/* offset in lines of the oldest event that is still kept */
	unsigned count;		/* events kept */
	unsigned most;		/* events to keep */
};

/* Prepares to keep the newest `most` events; with 0, nothing is kept. */
void recent_init(struct recent *, unsigned most);
void recent_free(struct recent *);

/*
 * Keeps a copy of line, which ends in LF and has no other, and drops the
 * oldest events beyond `most` and MAX_KEEP_BYTES.
 */
void recent_put(struct recent *, struct span line);

/* Returns the kept events, oldest first; valid until the next recent_put. */
struct span recent_lines(const struct recent *);

#endif
