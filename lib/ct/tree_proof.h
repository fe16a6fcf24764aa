/*
 * The two proofs of RFC 9162 section 2.1, for trees as in ct/tree.h: whether they hold, and the
 * compact range that a consistency proof holds. Every function uses its parameter hash during the
 * call only, and a path is a row of hashes as the log sent it.
 */
#ifndef CT_TREE_PROOF_H
#define CT_TREE_PROOF_H

#include "ct/tree.h"

/*
 * Checks an inclusion proof (RFC 9162 2.1.3.2). The row path is to prove that the tree with `size`
 * leaves and this root has at index a leaf with the hash leaf. Returns NULL when it proves that,
 * else a static reason.
 */
const char *tree_inclusion(struct hash *hash, const uint8_t leaf[TREE_HASH], uint64_t index,
    uint64_t size, struct span path, const uint8_t root[TREE_HASH]);

/*
 * Checks a consistency proof (RFC 9162 2.1.4.2). The row path is to prove that the tree with
 * `first` leaves and first_root is the beginning of the tree with `second` leaves and second_root.
 * When first is 0 or equals second, path must be empty; and when they are equal, so must be the
 * roots. Returns NULL when path proves that, else a static reason.
 */
const char *tree_consistency(struct hash *hash, uint64_t first,
    const uint8_t first_root[TREE_HASH], uint64_t second, const uint8_t second_root[TREE_HASH],
    struct span path);

/*
 * Returns the `first` that get-sth-consistency is to be asked for, with second = size, so that the
 * answer holds the compact range at m leaves; tree_restore_proof takes it out. That is m itself, or
 * where the proof would lack a node (m is a power of two, or size), m - 1 or m - 2. Returns 0 when
 * no proof holds that range: m is less than 3 or more than size, m and size are both 3, or size is
 * more than MAX_TREE_SIZE.
 */
uint64_t tree_ask_for(uint64_t m, uint64_t size);

/*
 * Makes *tree the compact range of the first m leaves of a tree with `size` leaves and this root.
 * The row path is the consistency proof between tree_ask_for(m, size) and size. Nothing else need be
 * known: every hash of path counts towards root, so when root is signed, *tree is proven by it.
 * Returns NULL, or a static reason with *tree unchanged.
 */
const char *tree_restore_proof(struct tree *tree, struct hash *hash, uint64_t m, uint64_t size,
    struct span path, const uint8_t root[TREE_HASH]);

#endif
