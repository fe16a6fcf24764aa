/*
 * A pace: how much of a body has come lately. It tells a body that is slow but comes from one that
 * would keep its log waiting for ever, such as one of two bytes a second. Time is counted in ticks,
 * each PACE_TICK ms after the one before, so that a process that was stopped for a while, or a busy
 * machine, is not taken for a slow server.
 */
#ifndef CT_FETCH_PACE_H
#define CT_FETCH_PACE_H

#include <stdbool.h>
#include <stddef.h>

enum {
	PACE_TICK = 5000,	/* ms between two ticks */
	PACE_SLOTS = 6,		/* ticks that are looked at together: 30 s */
	PACE_LEAST = 1024,	/* bytes a second that must come in them on average */
};

struct pace {
	size_t slot[PACE_SLOTS];	/* bytes between two ticks, a ring */
	unsigned ticks;			/* since pace_reset */
};

/* Begins anew: nothing has come yet. */
void pace_reset(struct pace *pace);

/* Counts n bytes that have come. */
void pace_put(struct pace *pace, size_t n);

/*
 * Counts a tick. Returns false when PACE_SLOTS ticks or more have passed since pace_reset, and less
 * than PACE_LEAST bytes a second have come in the last PACE_SLOTS of them; else true.
 */
bool pace_tick(struct pace *pace);

#endif
