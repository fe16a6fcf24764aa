/* How fast a counter grows: what it rose by in the last ten seconds. */
#ifndef CT_WS_SITE_RATE_H
#define CT_WS_SITE_RATE_H

#include <stdint.h>

enum { RATE_SECONDS = 10 };	/* over which the rate is an average */

/* All zero at the start. */
struct rate {
	uint64_t total[RATE_SECONDS + 1];	/* of the counter, a second apart, in a circle */
	uint64_t at[RATE_SECONDS + 1];	/* ms of the loop's clock */
	uint64_t taken;			/* how many have been put into the circle */
};

/* To be called once a second: notes that the counter is at total now, in ms of the loop's clock. */
void rate_second(struct rate *r, uint64_t total, uint64_t now);

/* Returns by how much the counter grows a second; 0 until it has been noted twice. */
double rate_get(const struct rate *r);

#endif
