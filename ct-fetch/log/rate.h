/* A rate: how fast a count has grown in the last seconds. A struct rate begins as zeros. */
#ifndef CT_FETCH_RATE_H
#define CT_FETCH_RATE_H

#include <stdint.h>

struct rate {
	double per_second;	/* the rate, for all to read */
	uint64_t begun;		/* loop ms of the first rate_take; 0: none yet */
	uint64_t at;		/* loop ms of the last one */
	uint64_t count;		/* what was counted then */
};

/*
 * Notes that the count is `count` at the time now, in loop ms, and computes the rate anew. When this is
 * called about once a second, the rate is an average in which the last ten seconds weigh most; in the
 * first ten seconds it is the average since the first call.
 */
void rate_take(struct rate *rate, uint64_t count, uint64_t now);

#endif
