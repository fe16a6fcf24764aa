/*
 * How the files that make a lane (lane.h) work together: lane.c, lane_pages.c, lane_proof.c and
 * lane_hole.c. now and again are as in lane_turn and proof_turn.
 */
#ifndef CT_FETCH_LOG_LANE_PARTS_H
#define CT_FETCH_LOG_LANE_PARTS_H

#include "ct-fetch/log/lane.h"

enum {
	LANE_DEPTH = 8,		/* pages of one lane on their way at a time */
	LANE_HOLD_FIRST = 2,	/* pages that wait for the first proof of a run */
	LANE_HOLD = 16,		/* pages that wait for a proof, before one is asked for ... */
	LANE_HOLD_LONG = 64,	/* ... and where requests are scarce */
};

/* Takes the page *at out of its lane, and frees it; at is lane->first or the next of another page. */
void lane_drop(struct page **at);

/* Drops all pages behind what is proven, so that they are fetched again. */
void lane_rewind(struct lane *lane);

/* Forgets the known hashes of entries that have not come yet. */
void lane_forget(struct lane *lane);

/* Makes pages for what is to be asked for next, an incomplete one only after wait ms (lane_pages.c). */
void lane_add_pages(struct lane *lane, uint64_t wait, uint64_t now, uint64_t *again);

/* Asks for the pages; one that has failed for patience ms becomes a hole. */
void lane_ask_pages(struct lane *lane, uint64_t patience, uint64_t now, uint64_t *again);

/* Adds what has come in order to the range, and proves it by the heads that it meets (lane_proof.c). */
void lane_hash(struct lane *lane);

/* Proves what has come by the hashes that are known. */
void lane_match(struct lane *lane);

/*
 * Asks for a proof where one is needed. Far behind the head of a tiled log, the hashes of what comes
 * next are asked for; otherwise whether what has come belongs to the signed tree.
 */
void lane_prove(struct lane *lane, uint64_t now, uint64_t *again);

/* The function done of proof_init: takes result, the end of a question of the proof. cookie is the lane. */
void lane_proof_done(void *cookie, struct proof *proof, enum proof_result result, const char *why);

/*
 * Returns how many pages may wait for a proof. The first ones of a run wait for few, so that a run that
 * is ended soon has got somewhere.
 */
unsigned lane_hold(const struct lane *lane, uint64_t now);

#endif
