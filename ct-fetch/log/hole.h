/* A hole: entries of a lane that cannot be had, or that are not those of the signed tree. */
#ifndef CT_FETCH_LOG_HOLE_H
#define CT_FETCH_LOG_HOLE_H

#include "ct-fetch/net/http.h"
#include "ct/tree.h"

enum hole_state {
	HOLE_NONE,
	HOLE_SEEKS,	/* the first entry that does not fit is being looked for */
	HOLE_SEEDS,	/* the range behind the hole is being asked for */
	HOLE_TRIMS,	/* the first entry behind it that fits again is being looked for */
	HOLE_READY,	/* what is before the hole goes out, then the lane goes on behind it */
};

struct hole {
	enum hole_state state;
	uint64_t from, to;	/* index of its first entry, and the index behind its last */
	uint64_t low, high;	/* HOLE_TRIMS: its end is in this range; entries from high on fit */
	struct tree end;	/* HOLE_TRIMS: the compact range at `to`, as it was before */
	struct tree before, behind;	/* the compact ranges at from and to */
	char why[MAX_WHY];	/* why there is a hole */
};

#endif
