/*
 * The Merkle tree of RFC 6962 section 2.1, for a reader of a log who keeps no leaves. What stands
 * for a tree of n leaves is its compact range: the root hashes of the complete subtrees that it is
 * made of, from left to right, of which there are popcount(n). Leaves are added to it, and it
 * gives the root hash. The two proofs of RFC 9162 section 2.1 are checked here too.
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

#define MAX_TREE_SIZE ((uint64_t)INT64_MAX)	/* what every log implementation can count to */

/* A compact range. It holds no pointer, so it may be copied by assignment. */
struct tree {
	uint64_t n;				/* leaves */
	unsigned k;				/* nodes in use: popcount(n) */
	uint8_t h[MAX_TREE_NODES + 1][TREE_HASH];	/* one more than needed, for merging */
};

/* Makes tree the tree without leaves. */
void tree_init(struct tree *tree);

/*
 * Adds a complete subtree of 2^height leaves, whose root hash is root, at the right end of tree;
 * the hash of a single leaf has height 0. Returns true, or false with tree unchanged when the
 * number of leaves so far is not a multiple of 2^height, or would exceed MAX_TREE_SIZE.
 */
bool tree_push(struct tree *tree, struct hash *hash, const uint8_t root[TREE_HASH],
    unsigned height);

/*
 * Does tree_push for each hash of a row. Returns true when all have been added, and false when
 * one could not be: those before it stay in tree.
 */
bool tree_push_row(struct tree *tree, struct hash *hash, struct span hashes, unsigned height);

/* Writes the Merkle Tree Hash of tree; for a tree without leaves that is SHA-256 of no bytes. */
void tree_root(const struct tree *tree, struct hash *hash, uint8_t out[TREE_HASH]);

/* Returns the nodes of the compact range as a row, left to right; valid until tree changes. */
struct span tree_nodes(const struct tree *tree);

/*
 * Makes tree the tree of n leaves that tree_nodes gave these nodes for. Returns true, or false
 * when nodes does not hold popcount(n) hashes or n is larger than MAX_TREE_SIZE.
 */
bool tree_restore(struct tree *tree, uint64_t n, struct span nodes);

/*
 * Makes tree the tree of the first n leaves of a log, from the audit path of leaf n in a tree of
 * n + 1 leaves, which get-entry-and-proof gives: it is the compact range in reverse order. The
 * path may be false: only when leaf n has been pushed and the root is right is tree right too.
 * Returns true, or false when path does not hold popcount(n) hashes or n is too large.
 */
bool tree_restore_path(struct tree *tree, uint64_t n, struct span path);

/* Writes the hash of a leaf: SHA-256(0x00 || leaf_input), RFC 6962 2.1. */
void tree_leaf_hash(struct hash *hash, struct span leaf_input, uint8_t out[TREE_HASH]);

/* Writes the hash of a node: SHA-256(0x01 || left || right). out may be left or right. */
void tree_node_hash(struct hash *hash, const uint8_t left[TREE_HASH],
    const uint8_t right[TREE_HASH], uint8_t out[TREE_HASH]);

/*
 * Checks an inclusion proof (RFC 9162 2.1.3.2): path proves that leaf is the leaf at index of
 * the tree with size leaves and this root. Returns NULL when it does, else a static reason.
 */
const char *tree_inclusion(struct hash *hash, const uint8_t leaf[TREE_HASH], uint64_t index,
    uint64_t size, struct span path, const uint8_t root[TREE_HASH]);

/*
 * Checks a consistency proof (RFC 9162 2.1.4.2): path proves that the tree with first leaves and
 * first_root is the beginning of the tree with second leaves and second_root. When first is 0 or
 * equals second, path must be empty; equal sizes need equal roots. Returns NULL when it is
 * proven, else a static reason.
 */
const char *tree_consistency(struct hash *hash, uint64_t first,
    const uint8_t first_root[TREE_HASH], uint64_t second, const uint8_t second_root[TREE_HASH],
    struct span path);

#endif
