/*
 * The tree heads of one log: the largest one that its key has signed, those that its entries have
 * not reached yet, and the roots of sizes that are known already. A log that signs two trees, of
 * which neither is the beginning of the other, is caught by comparing all of them.
 *
 * Every head given to these functions has had its signature checked.
 */
#ifndef CT_FETCH_PROOF_HEADS_H
#define CT_FETCH_PROOF_HEADS_H

#include "ct/head.h"

enum {
	MAX_HEADS_AHEAD = 8,	/* heads kept that the entries have not reached */
	MAX_HEADS_KNOWN = 128,	/* sizes whose root is remembered */
};

/* The root of the tree of `size` leaves, signed by the log or made of proven entries. */
struct heads_root {
	uint64_t size;
	uint8_t root[TREE_HASH];
};

struct heads {
	bool has_best;
	struct head best;			/* the largest head so far, but see heads_yield */
	struct head ahead[MAX_HEADS_AHEAD];	/* in order of size */
	unsigned ahead_n;
	uint64_t yielded;			/* size of a head that heads_yield took back; 0: none */
	uint64_t reached;			/* no head of this size or a smaller one is in ahead */
	struct heads_root known[MAX_HEADS_KNOWN];	/* a ring: the oldest is replaced */
	unsigned known_n, known_at;		/* how many roots are in known; where the next one goes */
};

/* What a new head is beside those before it. */
enum heads_news {
	HEADS_LARGER,	/* it is the best one now */
	HEADS_OLD,	/* it is not larger than the best one */
	HEADS_FORKED,	/* a head of the same size has another root */
};

/* Makes *heads empty: no head and no root is known. */
void heads_init(struct heads *heads);

/*
 * Takes head and returns what it is beside the heads before it. Its root is remembered. With
 * HEADS_FORKED, *other becomes the root that was known for its size, and head is not taken.
 */
enum heads_news heads_take(struct heads *heads, const struct head *head, struct heads_root *other);

/*
 * Takes head, under which an earlier run has proven entries, before any other head is taken. Its root is
 * remembered, and it is ahead when it has more than `next` leaves; but it is not the best head, because
 * it is not known whether the log still shows it.
 */
void heads_recall(struct heads *heads, const struct head *head, uint64_t next);

/*
 * Makes head, which is smaller than the best one, the best, because the log does not serve the tree of the
 * one before any more. That one stays known and in ahead, so that its root is compared if the entries ever
 * come to its size; but it becomes the best again only when a larger head has come.
 */
void heads_yield(struct heads *heads, const struct head *head);

/*
 * Returns the smallest head of more than `size` leaves that the entries have not reached, valid
 * until the next heads_take or heads_reach, or NULL when there is none.
 */
const struct head *heads_next(const struct heads *heads, uint64_t size);

/*
 * Returns the largest head of fewer leaves than the best one, which the entries have not reached, valid
 * as with heads_next, or NULL when there is none.
 */
const struct head *heads_older(const struct heads *heads);

/*
 * Forgets the heads ahead of at most `size` leaves: the entries have reached them. The best head
 * stays known as such.
 */
void heads_reach(struct heads *heads, uint64_t size);

/* Forgets the head ahead of just `size` leaves, if there is one. Its root stays known. */
void heads_drop(struct heads *heads, uint64_t size);

/* Returns true when head has the size and the root of tree. */
bool heads_fit(const struct head *head, const struct heads_root *tree);

/* Returns the head that is kept of that size and root, valid as with heads_next, or NULL. */
const struct head *heads_signed(const struct heads *heads, const struct heads_root *tree);

/* Remembers root as that of the tree of `size` leaves, unless that size is known. */
void heads_know(struct heads *heads, uint64_t size, const uint8_t root[TREE_HASH]);

/* Returns what is known of the tree of `size` leaves, valid until more is known, or NULL. */
const struct heads_root *heads_find(const struct heads *heads, uint64_t size);

#endif
