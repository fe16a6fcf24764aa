/*
 * The newest events, as lines one behind the other in one buffer, so that the
 * answer to "latest" is ready at any time.
 */
#ifndef CT_HUB_RECENT_H
#define CT_HUB_RECENT_H

#include "base/buf.h"

enum {
	MAX_KEEP = 1000,		/* events: a question costs as much as it brings */
	MAX_KEEP_BYTES = 16 << 20,	/* of them together, unless one alone is longer */
};

struct recent {
	struct buf lines;
	size_t from;		/* where the oldest starts */
	unsigned count, most;
};

void recent_init(struct recent *, unsigned most);
void recent_free(struct recent *);
void recent_put(struct recent *, struct span line);	/* with its LF, the only one in it */
struct span recent_lines(const struct recent *);	/* oldest first; valid until recent_put */

#endif
