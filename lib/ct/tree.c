/*
 * Merkle trees of RFC 6962 section 2.1, kept as compact ranges.
 *
 * in: hashes of leaves and nodes
 * out: compact ranges and root hashes
 */
#include "ct/tree.h"

unsigned
tree_node_count(uint64_t n)
{
	unsigned k = 0;

	for (; n != 0; n &= n - 1)
		k++;
	return k;
}

void
tree_leaf_hash(struct hash *h, struct span leaf_input, uint8_t out[TREE_HASH])
{
	const struct span parts[] = { SPAN("\x00"), leaf_input };

	hash_sha256_parts(h, parts, 2, out);
}

void
tree_node_hash(struct hash *h, const uint8_t left[TREE_HASH], const uint8_t right[TREE_HASH],
    uint8_t out[TREE_HASH])
{
	const struct span parts[] = {
		SPAN("\x01"), span_of(left, TREE_HASH), span_of(right, TREE_HASH)
	};

	hash_sha256_parts(h, parts, 3, out);
}

void
tree_init(struct tree *t)
{
	t->n = 0;
	t->k = 0;
}

bool
tree_push(struct tree *t, struct hash *h, const uint8_t root[TREE_HASH], unsigned height)
{
	uint64_t leaves;

	if (height >= MAX_TREE_NODES)
		return false;
	leaves = (uint64_t)1 << height;
	if ((t->n & (leaves - 1)) != 0 || leaves > MAX_TREE_SIZE - t->n)
		return false;
	memcpy(t->h[t->k++], root, TREE_HASH);
	t->n += leaves;
	for (uint64_t m = t->n >> height; (m & 1) == 0; m >>= 1) {
		tree_node_hash(h, t->h[t->k - 2], t->h[t->k - 1], t->h[t->k - 2]);
		t->k--;
	}
	return true;
}

bool
tree_push_row(struct tree *t, struct hash *h, struct span hashes, unsigned height)
{
	for (; hashes.n >= TREE_HASH; hashes = span_from(hashes, TREE_HASH))
		if (!tree_push(t, h, hashes.p, height))
			return false;
	return hashes.n == 0;
}

void
tree_root(const struct tree *t, struct hash *h, uint8_t out[TREE_HASH])
{
	if (t->k == 0) {
		hash_sha256(h, SPAN(""), out);
		return;
	}
	memcpy(out, t->h[t->k - 1], TREE_HASH);
	for (unsigned i = t->k - 1; i-- > 0; )
		tree_node_hash(h, t->h[i], out, out);
}

struct span
tree_nodes(const struct tree *t)
{
	return span_of(t->h, (size_t)t->k * TREE_HASH);
}

bool
tree_restore(struct tree *t, uint64_t n, struct span nodes)
{
	unsigned k = tree_node_count(n);

	if (n > MAX_TREE_SIZE || nodes.n != (size_t)k * TREE_HASH)
		return false;
	t->n = n;
	t->k = k;
	if (nodes.n > 0)
		memcpy(t->h, nodes.p, nodes.n);
	return true;
}

bool
tree_restore_path(struct tree *t, uint64_t n, struct span path)
{
	unsigned k = tree_node_count(n);

	if (n > MAX_TREE_SIZE || path.n != (size_t)k * TREE_HASH)
		return false;
	t->n = n;
	t->k = k;
	for (unsigned i = 0; i < k; i++)
		memcpy(t->h[k - 1 - i], path.p + (size_t)i * TREE_HASH, TREE_HASH);
	return true;
}
