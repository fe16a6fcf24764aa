/* A place: the pair of numbers by which a record of a bus is named. Nothing here does I/O. */
#ifndef BUS_BUS_PLACE_H
#define BUS_BUS_PLACE_H

#include "base/buf.h"

enum {
	BUS_NUMBER = 20,	/* digits that EPOCH, and SEQ, has at most */
	BUS_PLACE = 2 * BUS_NUMBER + 1,	/* characters that EPOCH-SEQ has at most */
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
 * bus_place_write writes place into out as EPOCH-SEQ, in decimal, with a NUL; clients of ct-ws get
 * and send places in this form. bus_place_parse reads such a text. It returns true with *place set,
 * or false when text is anything else or its epoch is 0.
 */
void bus_place_write(char out[BUS_PLACE + 1], const struct bus_place *place);
bool bus_place_parse(struct bus_place *place, struct span text);

/*
 * Takes "EPOCH SEQ", in decimal, off the front of *text; messages, questions and files have places
 * in this form. Returns true with *place set and *text moved behind it, or false when *text does not
 * begin so; then *place and *text may have changed.
 */
bool bus_place_take(struct bus_place *place, struct span *text);

/* Returns a random number below 2^53 that is not 0: JSON readers keep such a number exactly. */
uint64_t bus_place_epoch(void);

#endif
