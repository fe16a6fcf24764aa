/*
 * A Merkle tree of RFC 6962 section 2.1 that keeps the hash of every complete
 * subtree, so that roots, proofs and tiles of any size so far are look-ups.
 * Starts as all zeros. Not locked: the log that owns it does that.
 */
#ifndef LOG_TREE_H
#define LOG_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/log/bytes.h"

#define TREE_HASH   32
#define TREE_LEVELS 48	/* more leaves than memory could hold */

struct tree {
	uint64_t size;
	struct bytes level[TREE_LEVELS];	/* of level k: hashes over 2^k leaves each */
};

void tree_free(struct tree *);
void tree_put_leaf(struct tree *, const void *leaf, size_t len);
void tree_put_hash(struct tree *, const unsigned char leaf_hash[TREE_HASH]);

/* The hash over leaves [from, to); from is a multiple of a power of two >= to - from. */
void tree_range(const struct tree *, uint64_t from, uint64_t to, unsigned char out[TREE_HASH]);
void tree_root(const struct tree *, uint64_t size, unsigned char out[TREE_HASH]);
/* Appends the hashes of PATH(index, D[size]), section 2.1.1; index < size <= tree size. */
void tree_put_path(const struct tree *, uint64_t index, uint64_t size, struct bytes *out);
/* Appends those of PROOF(first, D[second]), section 2.1.2; 0 < first <= second <= tree size. */
void tree_put_consistency(const struct tree *, uint64_t first, uint64_t second,
    struct bytes *out);
/* Looks through all leaves below size. */
bool tree_find(const struct tree *, const unsigned char hash[TREE_HASH], uint64_t size,
    uint64_t *index);
/* Hash number i of level k; there are size >> k of them. */
const unsigned char *tree_node(const struct tree *, int level, uint64_t i);

#endif
