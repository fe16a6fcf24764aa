/* Asks a hub for the newest records that it remembers, and shows them. */
#ifndef CT_LATEST_LATEST_H
#define CT_LATEST_LATEST_H

#include "bus/bus_place.h"
#include "ct-latest/view.h"

enum { LATEST_ASK_MS = 2000 };	/* a hub that is there answers in a few milliseconds */

/* The reason that is told when an answer does not begin with a place. */
#define LATEST_NO_PLACE "its answer is not one of a hub of this version"

struct latest {
	struct buf shown;	/* owned: lines in the form asked for, oldest first, each with its LF */
	unsigned count;		/* of those lines */
};

/* Makes *l empty: nothing is shown. */
void latest_init(struct latest *l);

/* Frees the shown lines. */
void latest_free(struct latest *l);

/*
 * Replaces what shown holds by the newest records in lines that view shows, `most` of them
 * at most. lines are oldest first, and each ends in LF.
 */
void latest_take(struct latest *l, struct view view, unsigned most, struct span lines);

/*
 * Asks the bus at address for its newest events, or for its status records when view shows those, and
 * takes the answer as latest_take does, with view and `most`. Blocks for LATEST_ASK_MS milliseconds at
 * most. Returns 0, or -1 with *why set to a static reason when no answer came in time or it cannot be
 * read.
 */
int latest_ask(struct latest *l, const char *address, struct view view, unsigned most,
    const char **why);

/*
 * Takes the head off an answer that has the form of a message (ct-bus(5)), "EPOCH SEQ" and LF.
 * Returns true with *place set and the lines left in *answer, or false for anything else.
 */
bool latest_take_place(struct span *answer, struct bus_place *place);

/* Appends to out one object {"messages":[...]} with the lines of shown, newest first, and LF. */
void latest_put_json(const struct latest *l, struct buf *out);

#endif
