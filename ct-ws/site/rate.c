/*
 * Measures how fast counters grow.
 *
 * in: a counter, each second
 * out: its growth a second, over ten seconds
 */
#include "ct-ws/site/rate.h"

enum { RATE_PLACES = RATE_SECONDS + 1 };

void
rate_second(struct rate *r, uint64_t total, uint64_t now)
{
	r->total[r->taken % RATE_PLACES] = total;
	r->at[r->taken % RATE_PLACES] = now;
	r->taken++;
}

double
rate_get(const struct rate *r)
{
	uint64_t last = r->taken - 1, first = r->taken > RATE_PLACES ? r->taken - RATE_PLACES : 0;
	uint64_t ms;

	if (r->taken < 2)
		return 0;
	ms = r->at[last % RATE_PLACES] - r->at[first % RATE_PLACES];
	return ms == 0 ? 0 :
	    (double)(r->total[last % RATE_PLACES] - r->total[first % RATE_PLACES]) * 1000 / (double)ms;
}
