/*
 * The same trees as ct/tree.h, for whoever has many leaves at once: leaves and nodes are hashed
 * side by side (enc/hash_many.h). Nothing here allocates memory. Every function uses its
 * parameters hash and many during the call only.
 */
#ifndef CT_TREE_ROW_H
#define CT_TREE_ROW_H

#include "ct/tree.h"
#include "enc/hash_many.h"

enum {
	TREE_ROW_HEIGHT = 8,		/* of the largest subtree that is hashed side by side */
	TREE_ROW = 1 << TREE_ROW_HEIGHT,	/* its leaves: those of one tile */
};

/*
 * Writes to out the hashes of n leaves. texts[i] is 0x00 || leaf_input, so that out[i] becomes what
 * tree_leaf_hash makes of that leaf_input. n may be any number. Texts of more than HASH_SHORT bytes
 * (enc/hash_many.h) are hashed one by one.
 */
void tree_leaf_hashes(struct hash_many *many, const struct span texts[], size_t n,
    uint8_t out[][TREE_HASH]);

/*
 * Writes to out the root hash of a complete subtree: hashes are those of its 2^height leaves or
 * subtrees of equal height, one behind the other. height is at most TREE_ROW_HEIGHT.
 */
void tree_row_root(struct hash_many *many, const uint8_t *hashes, unsigned height,
    uint8_t out[TREE_HASH]);

/*
 * Adds the row hashes, which are hashes of leaves, at the right end of tree. The result is that of
 * tree_push_row with height 0, but it takes less time. Returns true when all were added, or false
 * when hashes does not end with a whole hash, or the tree would exceed MAX_TREE_SIZE; hashes in
 * front of that place may have been added.
 */
bool tree_push_leaves(struct tree *tree, struct hash *hash, struct hash_many *many,
    struct span hashes);

#endif
