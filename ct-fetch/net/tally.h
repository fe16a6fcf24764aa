/*
 * A tally: how often something happened in the last minute, to within half a second. A struct of zeros
 * is one of nothing yet. Each now is loop ms, and never before that of an earlier call.
 */
#ifndef CT_FETCH_TALLY_H
#define CT_FETCH_TALLY_H

#include <stdint.h>

enum {
	TALLY_MINUTE = 60 * 1000,	/* ms */
	TALLY_SPAN = 500,	/* ms that one element of struct tally is for */
	TALLY_SPANS = 121,	/* a minute of them, and the one that is not over yet */
};

struct tally {
	uint32_t n[TALLY_SPANS];
	uint64_t at;		/* the newest element, which is n[at % TALLY_SPANS], is for this span */
};

/* Forgets what happened more than a minute ago. */
void tally_move(struct tally *tally, uint64_t now);

/* Takes note that it happens now. */
void tally_add(struct tally *tally, uint64_t now);

/* Returns how often it happened in the last minute, and sets *first to the time when it first did. */
double tally_sum(struct tally *tally, uint64_t now, uint64_t *first);

/* Returns how often it happened in the last second. */
double tally_peak(struct tally *tally, uint64_t now);

/*
 * Returns how often it happened from the time `since` on, up to the last tally_move. Up to half a second
 * before it counts too; what happened more than a minute before that move does not.
 */
double tally_since(const struct tally *tally, uint64_t since);

#endif
