/*
 * The Merkle tree of RFC 6962 section 2.1, for a reader of a log that keeps no leaves. A tree of n
 * leaves is kept as its compact range: the root hashes of the complete subtrees that it consists
 * of, from left to right. There is one for each 1 in the binary form of n, popcount(n) in all.
 * Leaves are added on the right, and the root hash can be computed at any time.
 *
 * Where hashes come as a row, the row is a span in which each takes TREE_HASH bytes. Every
 * function with a parameter hash uses it during the call only.
 */
#ifndef CT_TREE_H
#define CT_TREE_H

#include "enc/hash.h"

enum {
	TREE_HASH = HASH_SHA256,	/* bytes of a hash */
	MAX_TREE_NODES = 63,		/* one for each bit of MAX_TREE_SIZE */
};

#define MAX_TREE_SIZE ((uint64_t)INT64_MAX)	/* leaves: no log implementation counts further */

/* A compact range. It holds no pointer, so it may be copied by assignment. */
struct tree {
	uint64_t n;				/* number of leaves */
	unsigned k;				/* hashes in use: popcount(n) */
	uint8_t h[MAX_TREE_NODES + 1][TREE_HASH];	/* the hashes, and room for one more */
};

/* Returns how many hashes the compact range of n leaves has: popcount(n). */
unsigned tree_node_count(uint64_t n);

/* Makes *tree the tree without leaves. */
void tree_init(struct tree *tree);

/*
 * Adds a complete subtree of 2^height leaves, whose root hash is root, at the right end of tree;
 * the hash of a single leaf has height 0. Returns true, or false with tree unchanged when the
 * number of leaves so far is not a multiple of 2^height, or would exceed MAX_TREE_SIZE.
 */
bool tree_push(struct tree *tree, struct hash *hash, const uint8_t root[TREE_HASH],
    unsigned height);

/*
 * Does tree_push for each hash of the row hashes, all with the same height. Returns true when all
 * were added, or false when one could not be added; those before it stay in tree.
 */
bool tree_push_row(struct tree *tree, struct hash *hash, struct span hashes, unsigned height);

/* Writes to out the root hash of tree; without leaves, that is the SHA-256 of no bytes. */
void tree_root(const struct tree *tree, struct hash *hash, uint8_t out[TREE_HASH]);

/* Returns the compact range of tree as a row, from left to right; valid until tree changes. */
struct span tree_nodes(const struct tree *tree);

/*
 * Makes *tree the tree of n leaves whose compact range is the row nodes, as tree_nodes returned it.
 * Returns true, or false when nodes does not hold popcount(n) hashes or n is larger than
 * MAX_TREE_SIZE.
 */
bool tree_restore(struct tree *tree, uint64_t n, struct span nodes);

/*
 * Makes *tree the tree of the first n leaves of a log. path is the audit path of leaf n in the tree
 * of n + 1 leaves, a row of hashes that get-entry-and-proof answers: it is the compact range of the
 * first n leaves, in reverse order. The log may have sent a false path. So the caller must push the
 * hash of leaf n and compare the root with a signed one before it trusts tree. Returns true, or
 * false when path does not hold popcount(n) hashes or n is larger than MAX_TREE_SIZE.
 */
bool tree_restore_path(struct tree *tree, uint64_t n, struct span path);

/* Writes to out the hash of a leaf: SHA-256(0x00 || leaf_input), RFC 6962 2.1. */
void tree_leaf_hash(struct hash *hash, struct span leaf_input, uint8_t out[TREE_HASH]);

/* Writes to out the hash of a node: SHA-256(0x01 || left || right). out may be left or right. */
void tree_node_hash(struct hash *hash, const uint8_t left[TREE_HASH],
    const uint8_t right[TREE_HASH], uint8_t out[TREE_HASH]);

#endif
