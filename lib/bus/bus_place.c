/* Reads and writes the places of records. In: a place, or its text. Out: the other of the two. */
#include "bus/bus_place.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

#include "base/die.h"
#include "base/digits.h"

void
bus_place_write(char out[BUS_PLACE + 1], const struct bus_place *place)
{
	snprintf(out, BUS_PLACE + 1, "%" PRIu64 "-%" PRIu64, place->epoch, place->seq);
}

bool
bus_place_parse(struct bus_place *place, struct span text)
{
	struct bus_place at;

	if (!digits_take(&text, &at.epoch) || at.epoch == 0 || !span_starts(text, SPAN("-")))
		return false;
	text = span_from(text, 1);
	if (!digits_take(&text, &at.seq) || text.n > 0)
		return false;
	*place = at;
	return true;
}

bool
bus_place_take(struct bus_place *place, struct span *text)
{
	if (!digits_take(text, &place->epoch) || !span_starts(*text, SPAN(" ")))
		return false;
	*text = span_from(*text, 1);
	return digits_take(text, &place->seq);
}

uint64_t
bus_place_epoch(void)
{
	uint64_t r;

	do {
		if (getrandom(&r, sizeof(r), 0) != (ssize_t)sizeof(r))
			die_world("no random number from the system:");
		r >>= 64 - 53;
	} while (r == 0);
	return r;
}
