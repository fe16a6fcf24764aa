/*
 * What a lane (lane.h) does with entries that cannot be had, or that do not fit the signed tree.
 */
#ifndef CT_FETCH_LOG_LANE_HOLE_H
#define CT_FETCH_LOG_LANE_HOLE_H

#include "ct-fetch/log/lane.h"

/*
 * To be called when the entries behind lane->proven do not fit the signed tree. They are fetched
 * again, or where that has not helped, the one that does not fit is looked for. Does nothing while
 * a hole is open.
 */
void lane_misfit(struct lane *lane);

/*
 * To be called, again and again, when page, which belongs to lane, has failed for too long. It becomes a
 * hole when all entries before it have come and are proven; until then, a proof of these is asked for.
 */
void lane_lose(struct lane *lane, const struct page *page);

/* Takes result, the outcome of a question that was asked for the hole; why is as in proof_init. */
void lane_hole_proof(struct lane *lane, enum proof_result result, const char *why);

/* Goes on behind the hole, once all entries before it are out. */
void lane_hole_turn(struct lane *lane);

/*
 * Makes *range a compact range of n leaves whose hashes belong to no tree. It stands for entries of
 * which nothing is known, in a lane without proof.
 */
void lane_unknown_range(struct tree *range, uint64_t n);

#endif
