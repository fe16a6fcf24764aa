/*
 * The newest events, as lines one behind the other in one buffer, so that the
 * answer to "latest" is ready at any time.
 */
#ifndef CT_HUB_KEEP_H
#define CT_HUB_KEEP_H

#include "base/buf.h"

enum {
	MAX_KEEP = 1000,		/* events: a question costs as much as it brings */
	MAX_KEEP_BYTES = 16 << 20,	/* of them together, unless one alone is longer */
};

struct keep {
	struct buf lines;
	size_t from;		/* where the oldest starts */
	unsigned count, most;
};

void keep_init(struct keep *, unsigned most);
void keep_free(struct keep *);
void keep_put(struct keep *, struct span line);	/* with its LF, the only one in it */
struct span keep_lines(const struct keep *);	/* oldest first; valid until keep_put */

#endif
