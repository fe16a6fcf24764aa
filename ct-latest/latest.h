/* What the hub remembers, asked for once. */
#ifndef CT_LATEST_LATEST_H
#define CT_LATEST_LATEST_H

#include "ct-latest/view.h"

enum { LATEST_ASK_MS = 2000 };	/* a hub that is there answers in one */

struct latest {
	struct buf shown;	/* lines in the form asked for, oldest first, each with its LF */
	unsigned count;
	uint64_t next;		/* number of the first record that is not among them */
};

void latest_init(struct latest *);
void latest_free(struct latest *);

/*
 * Asks the hub at address for its newest records and keeps in shown what view shows of them, the
 * newest `most` at most. When view shows status records, that is the hub's own alone, and next stays
 * as it was. Returns 0, or -1 with *why set to a static reason when no hub answered in time or its
 * answer could not be read.
 */
int latest_ask(struct latest *, const char *address, struct view view, unsigned most,
    const char **why);

/* Appends {"messages":[...]} and LF, newest first. */
void latest_put_json(const struct latest *, struct buf *out);

#endif
