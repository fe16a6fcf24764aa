/* Names a record of a bus. Nothing here does I/O. */
#ifndef BUS_BUS_PLACE_H
#define BUS_BUS_PLACE_H

#include "base/buf.h"

enum {
	BUS_NUMBER = 20,	/* digits that EPOCH and SEQ have at most */
	BUS_PLACE = 2 * BUS_NUMBER + 1,	/* characters of EPOCH-SEQ at most */
};

/*
 * Where a record stands: epoch names the run of numbers that seq belongs to, and is a random
 * number that is never 0; seq is its number in that run, from 1 on. No two records of a bus have
 * the same place.
 */
struct bus_place {
	uint64_t epoch, seq;
};

/*
 * bus_place_write writes place as EPOCH-SEQ, in decimal, into out, as clients of ct-ws know it.
 * bus_place_parse reads it: it returns true with *place set, or false for any other text and for an
 * epoch of 0.
 */
void bus_place_write(char out[BUS_PLACE + 1], const struct bus_place *place);
bool bus_place_parse(struct bus_place *place, struct span text);

/*
 * Takes "EPOCH SEQ", in decimal, off the front of *text, as it stands in messages, questions and
 * files. Returns true with *place set; or false, and then *place and *text may have changed.
 */
bool bus_place_take(struct bus_place *place, struct span *text);

/* Returns a random number below 2^53 that is not 0: JSON readers keep such a number exactly. */
uint64_t bus_place_epoch(void);

#endif
