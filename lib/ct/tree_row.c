/*
 * Merkle trees, hashed many nodes or leaves side by side (enc/hash_many).
 *
 * in: texts of leaves, and rows of leaf hashes
 * out: leaf hashes, roots of complete subtrees, and compact ranges
 */
#include "ct/tree_row.h"

enum { TREE_NODE_TEXT = 1 + 2 * TREE_HASH };	/* bytes of 0x01 || left || right */

void
tree_leaf_hashes(struct hash_many *many, const struct span texts[], size_t n,
    uint8_t out[][TREE_HASH])
{
	struct hash_pair digests[HASH_MANY];

	while (n > 0) {
		unsigned now = n < HASH_MANY ? (unsigned)n : HASH_MANY;

		hash_many(many, texts, now, HASH_ONLY_SHA256, digests);
		for (unsigned i = 0; i < now; i++)
			memcpy(out[i], digests[i].sha256, TREE_HASH);
		texts += now;
		out += now;
		n -= now;
	}
}

/* Writes to out the n parents, at most HASH_MANY, of the 2 * n hashes at children. */
static void
tree_parents(struct hash_many *many, const uint8_t *children, unsigned n, uint8_t out[][TREE_HASH])
{
	uint8_t text[HASH_MANY][TREE_NODE_TEXT];
	struct span texts[HASH_MANY];

	for (unsigned i = 0; i < n; i++) {
		text[i][0] = 0x01;
		memcpy(text[i] + 1, children + (size_t)i * 2 * TREE_HASH, 2 * TREE_HASH);
		texts[i] = span_of(text[i], TREE_NODE_TEXT);
	}
	tree_leaf_hashes(many, texts, n, out);
}

void
tree_row_root(struct hash_many *many, const uint8_t *hashes, unsigned height,
    uint8_t out[TREE_HASH])
{
	uint8_t level[TREE_ROW / 2][TREE_HASH];
	const uint8_t *from = hashes;

	/* Parents take the place of children that have been read. */
	for (unsigned n = (1u << height) / 2; n > 0; n /= 2) {
		for (unsigned i = 0; i < n; i += HASH_MANY)
			tree_parents(many, from + (size_t)i * 2 * TREE_HASH,
			    n - i < HASH_MANY ? n - i : HASH_MANY, level + i);
		from = level[0];
	}
	memcpy(out, from, TREE_HASH);
}

/* The height of the largest complete subtree of at most TREE_ROW of the next n leaves. */
static unsigned
tree_next_height(uint64_t at, size_t n)
{
	unsigned height = 0;

	while (height < TREE_ROW_HEIGHT && ((at >> height) & 1) == 0 && n >> (height + 1) != 0)
		height++;
	return height;
}

bool
tree_push_leaves(struct tree *t, struct hash *h, struct hash_many *many, struct span hashes)
{
	uint8_t root[TREE_HASH];

	while (hashes.n >= TREE_HASH) {
		unsigned height = tree_next_height(t->n, hashes.n / TREE_HASH);

		tree_row_root(many, hashes.p, height, root);
		if (!tree_push(t, h, root, height))
			return false;
		hashes = span_from(hashes, (size_t)TREE_HASH << height);
	}
	return hashes.n == 0;
}
