/*
 * A Merkle tree (RFC 6962 section 2.1) that keeps the hash of every complete subtree,
 * so that roots, proofs and tiles of every size that it has had are quickly put
 * together. A struct tree of zeros is an empty tree. It has no lock of its own.
 */
#ifndef LOG_TREE_H
#define LOG_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/log/bytes.h"

#define TREE_HASH   32
#define TREE_LEVELS 48	/* for 2^48 leaves, more than memory can hold */

struct tree {
	uint64_t size;
	struct bytes level[TREE_LEVELS];	/* level[k] has the hashes over 2^k leaves each */
};

/* Frees the memory of the tree, which is then empty. */
void tree_free(struct tree *t);

/* Append a leaf, given as the len bytes at leaf, or as its hash leaf_hash. */
void tree_put_leaf(struct tree *t, const void *leaf, size_t len);
void tree_put_hash(struct tree *t, const unsigned char leaf_hash[TREE_HASH]);

/* Writes to out the hash over leaves from..to-1. from is a multiple of a power of two >= to - from. */
void tree_range(const struct tree *t, uint64_t from, uint64_t to, unsigned char out[TREE_HASH]);
/* Writes to out the root of the first `size` leaves. */
void tree_root(const struct tree *t, uint64_t size, unsigned char out[TREE_HASH]);
/* Appends to out the hashes of PATH(index, D[size]) of section 2.1.1; index < size <= that of the tree. */
void tree_put_path(const struct tree *t, uint64_t index, uint64_t size, struct bytes *out);
/*
 * Appends to out the hashes of PROOF(first, D[second]) of section 2.1.2; 0 < first <= second, and
 * second <= the size of the tree.
 */
void tree_put_consistency(const struct tree *t, uint64_t first, uint64_t second, struct bytes *out);
/* Looks for a leaf by its hash, among the first size. Returns true with *index set, or false. */
bool tree_find(const struct tree *t, const unsigned char hash[TREE_HASH], uint64_t size,
    uint64_t *index);
/* Returns hash number i of this level, which has size >> level of them; valid until the next leaf. */
const unsigned char *tree_node(const struct tree *t, int level, uint64_t i);

#endif
