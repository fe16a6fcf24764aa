/*
 * Shows the records that a hub keeps from a place on, up to the place where its stream was when
 * that began. It asks for them piece by piece, so that they take little memory, however many
 * they are.
 */
#ifndef CT_LATEST_SINCE_H
#define CT_LATEST_SINCE_H

#include "bus/bus_place.h"
#include "ct-latest/view.h"

struct since {
	const char *address;	/* of the bus */
	struct view view;
	struct bus_place next;	/* the first record not shown yet or known to be lost */
	struct bus_place end;	/* where the stream was at the beginning; of the epoch of next */
	struct buf shown;	/* owned: lines, each with its LF, that the last call has made */
	struct buf question, answer;	/* owned */
};

/*
 * Reads "SEQ" or "EPOCH-SEQ", decimal numbers from 1 on, into *place, whose epoch is 0 when there
 * is SEQ alone. Returns false for any other text.
 */
bool since_parse(struct bus_place *place, const char *text);

/*
 * Begins with the record at from, of the present run of numbers if its epoch is 0. When it is of a
 * run before, shown has a record "skipped" for what is known to be lost of that one, and the
 * present run follows whole. Blocks for a few seconds at most. Returns 0, or -1 with *why, a static
 * text. address must live until since_free, which is to be called in both cases.
 */
int since_open(struct since *s, const char *address, struct view view, struct bus_place from,
    const char **why);

/*
 * Replaces what shown holds by what view shows of the next piece of records, and a record
 * "skipped" in front of them for those that are no longer kept; that may be nothing. Returns 1, 0
 * when the end had been reached before, or -1 with *why, a static text. Blocks as since_open does.
 */
int since_next(struct since *s, const char **why);

/* Frees what it owns. */
void since_free(struct since *s);

#endif
