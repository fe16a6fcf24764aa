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

	/* Called for each line that is no event: seq is the number of the record behind it. */
	void (*found)(void *cookie, enum record_kind kind, struct span line, uint64_t seq);
	void *cookie;
};

/*
 * Counts line, given with its LF, and adds it to piece, whose first line will have the number
 * first.
 */
void tally_line(struct tally *t, struct publisher_lines *piece, struct span line, uint64_t first);

/* Counts and tells a line that is too long and left out: that of this number, or, with 0, a pushed one. */
void tally_too_long(struct tally *t, uint64_t number);

#endif
