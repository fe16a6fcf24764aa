/*
 * Merkle tree arithmetic of RFC 6962 section 2.1 and RFC 9162 section 2.1.
 *
 * in: hashes of leaves and nodes, and proofs from logs, which are not trusted
 * out: root hashes, and whether a proof holds
 */
#include "ct/tree.h"

static unsigned
tree_popcount(uint64_t n)
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
	unsigned k = tree_popcount(n);

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
	unsigned k = tree_popcount(n);

	if (n > MAX_TREE_SIZE || path.n != (size_t)k * TREE_HASH)
		return false;
	t->n = n;
	t->k = k;
	for (unsigned i = 0; i < k; i++)
		memcpy(t->h[k - 1 - i], path.p + (size_t)i * TREE_HASH, TREE_HASH);
	return true;
}

/* Takes the next hash off path, whose length is a multiple of TREE_HASH. */
static const uint8_t *
tree_step(struct span *path)
{
	const uint8_t *p = path->p;

	*path = span_from(*path, TREE_HASH);
	return p;
}

/*
 * One step of the walk from a leaf to the root, which both proofs take. fn is a node's number in
 * its level, sn the number of the last node there (names of RFC 9162). Returns true when the next
 * hash of the path stands to the left of the node; fn and sn have then moved up to the level
 * where the subtree ends. The caller then calls tree_up, whatever this returned.
 */
static bool
tree_is_right(uint64_t *fn, uint64_t *sn)
{
	if ((*fn & 1) == 0 && *fn != *sn)
		return false;
	while (*fn != 0 && (*fn & 1) == 0) {
		*fn >>= 1;
		*sn >>= 1;
	}
	return true;
}

static void
tree_up(uint64_t *fn, uint64_t *sn)
{
	*fn >>= 1;
	*sn >>= 1;
}

const char *
tree_inclusion(struct hash *h, const uint8_t leaf[TREE_HASH], uint64_t index, uint64_t size,
    struct span path, const uint8_t root[TREE_HASH])
{
	uint64_t fn = index, sn = size - 1;
	uint8_t r[TREE_HASH];

	if (index >= size)
		return "RFC 9162 2.1.3.2: leaf index beyond the tree";
	if (path.n % TREE_HASH != 0)
		return "RFC 9162 2.1.3.2: path is not a whole number of hashes";
	memcpy(r, leaf, TREE_HASH);
	while (path.n > 0) {
		const uint8_t *p = tree_step(&path);

		if (sn == 0)
			return "RFC 9162 2.1.3.2: path too long";
		if (tree_is_right(&fn, &sn))
			tree_node_hash(h, p, r, r);
		else
			tree_node_hash(h, r, p, r);
		tree_up(&fn, &sn);
	}
	if (sn != 0)
		return "RFC 9162 2.1.3.2: path too short";
	return memcmp(r, root, TREE_HASH) == 0 ? NULL
	    : "RFC 9162 2.1.3.2: path does not lead to the root";
}

/* The general case of tree_consistency, 0 < first < second (RFC 9162 2.1.4.2). */
static const char *
tree_extends(struct hash *h, uint64_t first, const uint8_t first_root[TREE_HASH],
    uint64_t second, const uint8_t second_root[TREE_HASH], struct span path)
{
	uint64_t fn = first - 1, sn = second - 1;
	uint8_t fr[TREE_HASH], sr[TREE_HASH];
	const uint8_t *c = first_root;

	if (path.n == 0)
		return "RFC 9162 2.1.4.2: path is empty";
	if ((first & (first - 1)) != 0)
		c = tree_step(&path);
	for (; (fn & 1) != 0; tree_up(&fn, &sn))
		;
	memcpy(fr, c, TREE_HASH);
	memcpy(sr, c, TREE_HASH);
	while (path.n > 0) {
		c = tree_step(&path);
		if (sn == 0)
			return "RFC 9162 2.1.4.2: path too long";
		if (tree_is_right(&fn, &sn)) {
			tree_node_hash(h, c, fr, fr);
			tree_node_hash(h, c, sr, sr);
		} else {
			tree_node_hash(h, sr, c, sr);
		}
		tree_up(&fn, &sn);
	}
	if (sn != 0)
		return "RFC 9162 2.1.4.2: path too short";
	if (memcmp(sr, second_root, TREE_HASH) != 0)
		return "RFC 9162 2.1.4.2: path does not lead to the second root";
	return memcmp(fr, first_root, TREE_HASH) == 0 ? NULL
	    : "RFC 9162 2.1.4.2: path does not lead to the first root";
}

const char *
tree_consistency(struct hash *h, uint64_t first, const uint8_t first_root[TREE_HASH],
    uint64_t second, const uint8_t second_root[TREE_HASH], struct span path)
{
	if (first > second)
		return "RFC 9162 2.1.4.2: first tree is larger than the second";
	if (path.n % TREE_HASH != 0)
		return "RFC 9162 2.1.4.2: path is not a whole number of hashes";
	if (first != 0 && first != second)
		return tree_extends(h, first, first_root, second, second_root, path);
	if (path.n != 0)
		return "RFC 9162 2.1.4.2: path is not empty";
	if (first == second && memcmp(first_root, second_root, TREE_HASH) != 0)
		return "RFC 6962 3.5: two different roots for one tree size";
	return NULL;
}
