/* Counts what the hub publishes, and finds the records in it that the hub itself needs. */
#ifndef CT_HUB_TALLY_H
#define CT_HUB_TALLY_H

#include "bus/publisher.h"
#include "ct/record.h"

/* All since the start of the hub. */
struct tally {
	uint64_t records;	/* lines */
	uint64_t events;	/* lines that are certificates */
	uint64_t bytes;		/* of the lines */
	uint64_t marks;		/* lines that are marks */
	uint64_t broken;	/* lines left out because they were too long */

	/* Is called for each line that is not an event; seq is the number of the record behind it. */
	void (*found)(void *cookie, enum record_kind kind, struct span line, uint64_t seq);
	void *cookie;
};

/*
 * Counts line, which includes its LF, and adds its length and kind to piece: lines that are published
 * together, the first of which gets the number `first`. Calls found when line is not an event.
 */
void tally_line(struct tally *t, struct publisher_lines *piece, struct span line, uint64_t first);

/* Counts a line that is left out as too long, and tells that. number is its number; 0: it was pushed. */
void tally_too_long(struct tally *t, uint64_t number);

#endif
