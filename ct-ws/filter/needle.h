/*
 * Texts that are looked for in other texts, all in one pass (Aho and Corasick, Efficient String
 * Matching, 1975). A set of them may change at any time. New needles are looked for one by one until
 * there are NEEDLE_FEW of them; then they become an automaton, together with as many of the small
 * automata there are that each needle is built in anew only about log2 of their number times.
 */
#ifndef CT_WS_FILTER_NEEDLE_H
#define CT_WS_FILTER_NEEDLE_H

#include "base/span.h"

enum {
	NEEDLE_FEW = 32,	/* needles that are looked for one by one before they become an automaton */
	MAX_NEEDLE_BYTES = 1 << 19,	/* of the needles in an automaton: bounds the pause to build it */
};

struct needle_tier;

/* One needle. Its members but text belong to the set, and are zero at first. */
struct needle {
	struct span text;		/* not empty; borrowed, valid until the set frees the needle */
	struct needle_tier *tier;	/* the automaton it is in, or NULL */
	size_t at;			/* its place among those in no automaton */
	bool dead;			/* dropped, and still in an automaton */
};

struct needle_set {
	struct needle **fresh;		/* owned: those in no automaton */
	size_t fresh_n, fresh_room;
	struct needle_tier *tiers;	/* owned list, the newest and smallest first; or NULL */
	void (*forget)(struct needle *);
};

/*
 * Makes *s an empty set. forget is called when the set needs a dropped needle no longer, also from
 * needle_drop, needle_scan and needle_set_free, and may free it.
 */
void needle_set_init(struct needle_set *s, void (*forget)(struct needle *));

/* Frees the set, after calling forget for all needles in it, dropped or not. */
void needle_set_free(struct needle_set *s);

/* Adds n, whose text no needle of the set has that was not dropped. */
void needle_add(struct needle_set *s, struct needle *n);

/* Takes n out: from now on it is not found. Calls forget for it, now or later. */
void needle_drop(struct needle_set *s, struct needle *n);

/*
 * Calls hit(cookie, needle) for each needle that is part of text: once for each place where it ends there,
 * or once in all when the needle is in no automaton.
 */
void needle_scan(struct needle_set *s, struct span text,
    void (*hit)(void *cookie, struct needle *), void *cookie);

#endif
