/*
 * Shows the records that a hub keeps from a place on, up to the place that its stream had reached at
 * the beginning. They are asked for piece by piece, so they take little memory however many they are.
 */
#ifndef CT_LATEST_SINCE_H
#define CT_LATEST_SINCE_H

#include "bus/bus_place.h"
#include "ct-latest/view.h"

struct since {
	const char *address;	/* of the bus */
	struct view view;
	struct bus_place next;	/* the first record that is neither shown nor known to be lost */
	struct bus_place end;	/* where the stream was at the beginning; of the epoch of next */
	struct buf shown;	/* owned: lines, each with its LF, that the last call has made */
	struct buf question, answer;	/* owned */
};

/*
 * Reads text, "SEQ" or "EPOCH-SEQ" with decimal numbers from 1 on. Returns true with *place set, whose
 * epoch is 0 when there is only SEQ; or false when text is anything else.
 */
bool since_parse(struct bus_place *place, const char *text);

/*
 * Begins with the record at `from`, of the present run of numbers if its epoch is 0; view says what is
 * shown. When `from` is of an earlier run, shown gets a record "skipped" for the records of that run that
 * are known to be lost, and then the whole present run follows. Blocks for a few seconds at most. Returns
 * 0, or -1 with *why set to a static reason. address must live until since_free, which is to be called in
 * both cases.
 */
int since_open(struct since *s, const char *address, struct view view, struct bus_place from,
    const char **why);

/*
 * Replaces what shown holds by what view shows of the next piece of records, which may be nothing. A
 * record "skipped" stands in front for records that are no longer kept. Returns 1; or 0 when the end
 * had been reached before; or -1 with *why set to a static reason. Blocks as since_open does.
 */
int since_next(struct since *s, const char **why);

/* Frees what it owns. */
void since_free(struct since *s);

#endif
