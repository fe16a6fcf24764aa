/*
 * Sums up clients and what they were sent.
 *
 * in: rows of numbers
 * out: their sums
 */
#include "ct-ws/site/tally.h"

void
tally_free(struct tally *t)
{
	buf_free(&t->slow);
	*t = (struct tally){ .count = 0 };
}

void
tally_add_slow(struct tally *t, uint64_t number, uint64_t skipped)
{
	struct tally_slow slow = { number, skipped };

	buf_put(&t->slow, span_of(&slow, sizeof(slow)));
}

struct tally_row
tally_sum(const struct tally *t, const char *stream, const char *wire)
{
	struct tally_row sum = { .stream = stream, .wire = wire };

	for (size_t i = 0; i < t->count; i++) {
		const struct tally_row *r = &t->rows[i];

		if ((stream != NULL && strcmp(stream, r->stream) != 0) ||
		    (wire != NULL && strcmp(wire, r->wire) != 0))
			continue;
		sum.clients += r->clients;
		sum.filtered += r->filtered;
		sum.blocked += r->blocked;
		sum.opened += r->opened;
		sum.frames += r->frames;
		sum.bytes += r->bytes;
		sum.skipped += r->skipped;
	}
	return sum;
}
