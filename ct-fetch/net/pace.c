/*
 * How much of a body has come lately.
 *
 * in: bytes and ticks of a clock
 * out: whether the body comes fast enough to be waited for
 */
#include "ct-fetch/net/pace.h"

void
pace_reset(struct pace *p)
{
	*p = (struct pace){ 0 };
}

void
pace_put(struct pace *p, size_t n)
{
	p->slot[p->ticks % PACE_SLOTS] += n;
}

bool
pace_tick(struct pace *p)
{
	size_t sum = 0;

	for (unsigned i = 0; i < PACE_SLOTS; i++)
		sum += p->slot[i];
	p->ticks++;
	p->slot[p->ticks % PACE_SLOTS] = 0;
	/* The first tick does not count: it comes at any time after pace_reset. */
	return p->ticks <= PACE_SLOTS ||
	    sum >= (size_t)PACE_LEAST * PACE_SLOTS * PACE_TICK / 1000;
}
