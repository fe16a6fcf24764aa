/* What the hub remembers, asked for once. */
#ifndef CT_LATEST_LATEST_H
#define CT_LATEST_LATEST_H

#include "ct-latest/form.h"

enum { LATEST_ASK_MS = 2000 };	/* a hub that is there answers in one */

struct latest {
	struct buf shown;	/* lines in the form asked for, oldest first, each with its LF */
	unsigned count;
	uint64_t next;		/* number of the first record that is not among them */
};

void latest_init(struct latest *);
void latest_free(struct latest *);

/*
 * Asks for the newest most records. 0, or -1 with *why. With FORM_STATUS it is
 * the hub's own status record, and next stays 0.
 */
int latest_ask(struct latest *, const char *address, enum form, unsigned most, const char **why);

/* Appends {"messages":[...]} and LF, newest first. */
void latest_put_json(const struct latest *, struct buf *out);

#endif
