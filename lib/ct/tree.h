/*
 * The Merkle tree of RFC 6962 section 2.1, as seen from outside: a compact
 * range (the hashes of the complete subtrees that make up a tree of n leaves,
 * left to right, popcount(n) of them), and the two proofs of RFC 9162
 * section 2.1. Hashes in a row are spans of 32 bytes each.
 */
#ifndef CT_TREE_H
#define CT_TREE_H

#include "enc/hash.h"

enum {
	TREE_HASH = HASH_SHA256,
	MAX_TREE_NODES = 63,
};

#define MAX_TREE_SIZE ((uint64_t)INT64_MAX)	/* what every log implementation can count to */

/* Plain memory: may be copied by assignment and compared node by node. */
struct tree {
	uint64_t n;				/* leaves */
	unsigned k;				/* nodes in use: popcount(n) */
	uint8_t h[MAX_TREE_NODES + 1][TREE_HASH];	/* one spare while merging */
};

void tree_init(struct tree *);	/* no leaves */

/*
 * Appends a complete subtree of 2^height leaves with this root; a leaf hash
 * has height 0. False, with nothing changed, when n is not a multiple of
 * 2^height or would pass MAX_TREE_SIZE.
 */
bool tree_push(struct tree *, struct hash *, const uint8_t root[TREE_HASH], unsigned height);

/* The same for each hash of a row. False: stopped before the end of it. */
bool tree_push_row(struct tree *, struct hash *, struct span hashes, unsigned height);

/* The Merkle Tree Hash; SHA-256 of nothing for no leaves. */
void tree_root(const struct tree *, struct hash *, uint8_t out[TREE_HASH]);

/* The nodes as one row, left to right; valid until the tree changes. */
struct span tree_nodes(const struct tree *);

/* The reverse: false when nodes is not popcount(n) hashes or n is too large. */
bool tree_restore(struct tree *, uint64_t n, struct span nodes);

/*
 * Starts in the middle: the audit path of the last leaf of a tree of n + 1
 * leaves, as get-entry-and-proof gives it, is the compact range of n leaves
 * in reverse. Push that leaf and compare the root to know that it is true.
 */
bool tree_restore_path(struct tree *, uint64_t n, struct span path);

/* RFC 6962 2.1: SHA-256(0x00 || leaf_input) and SHA-256(0x01 || left || right). */
void tree_leaf_hash(struct hash *, struct span leaf_input, uint8_t out[TREE_HASH]);
void tree_node_hash(struct hash *, const uint8_t left[TREE_HASH], const uint8_t right[TREE_HASH],
    uint8_t out[TREE_HASH]);	/* out may be left or right */

/*
 * RFC 9162 2.1.3.2 and 2.1.4.2. NULL when the path proves it, else a static
 * reason. Consistency with an empty first tree needs an empty path; of two
 * equal sizes the roots must be equal and the path empty.
 */
const char *tree_inclusion(struct hash *, const uint8_t leaf[TREE_HASH], uint64_t index,
    uint64_t size, struct span path, const uint8_t root[TREE_HASH]);
const char *tree_consistency(struct hash *, uint64_t first, const uint8_t first_root[TREE_HASH],
    uint64_t second, const uint8_t second_root[TREE_HASH], struct span path);

#endif
