/*
 * Rates.
 *
 * in: a count, about once a second
 * out: its growth for each second, averaged exponentially
 */
#include "ct-fetch/log/rate.h"

enum {
	RATE_SPAN = 10 * 1000,	/* ms after which a change has come through to two thirds */
};

void
rate_take(struct rate *r, uint64_t count, uint64_t now)
{
	double passed = (double)(now - r->at), age = (double)(now - r->begun);

	if (r->begun == 0) {
		r->begun = now;
	} else if (now > r->at) {
		double fresh = (double)(count - r->count) * 1000 / passed;
		double weight = passed / (age < RATE_SPAN ? age : RATE_SPAN);

		r->per_second += (fresh - r->per_second) * (weight < 1 ? weight : 1);
	}
	r->at = now;
	r->count = count;
}
