/*
 * Proofs of RFC 9162 section 2.1.
 *
 * in: proofs from logs, which are not trusted
 * out: whether a proof holds, and the compact range that a consistency proof holds
 */
#include "ct/tree_proof.h"

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

/*
 * Follows a consistency proof (RFC 9162 2.1.4.2) up to second_root, which it must lead to. node is
 * the root of the last complete subtree of the tree of the first `first` leaves, 0 < first < second,
 * and path is what the proof holds behind it. Hashes to the left of the way up are then the other
 * nodes of the compact range at `first`, from right to left: one for each 1 in fn, so i ends at 0
 * and cannot go below. *t becomes that range. The first two hashes to the right go to right; what is
 * not there stays as it is. Returns NULL, or a static reason with *t worth nothing.
 */
static const char *
tree_climb(struct tree *t, struct hash *h, uint64_t first, uint64_t second,
    const uint8_t node[TREE_HASH], struct span path, const uint8_t second_root[TREE_HASH],
    uint8_t right[2][TREE_HASH])
{
	uint64_t fn = first - 1, sn = second - 1;
	unsigned i = tree_node_count(first) - 1, rights = 0;
	uint8_t sr[TREE_HASH];

	t->n = first;
	t->k = i + 1;
	memcpy(t->h[i], node, TREE_HASH);
	memcpy(sr, node, TREE_HASH);
	for (; (fn & 1) != 0; tree_up(&fn, &sn))
		;
	for (; path.n > 0; tree_up(&fn, &sn)) {
		const uint8_t *c = tree_step(&path);

		if (sn == 0)
			return "RFC 9162 2.1.4.2: path too long";
		if (tree_is_right(&fn, &sn)) {
			memcpy(t->h[--i], c, TREE_HASH);
			tree_node_hash(h, c, sr, sr);
			continue;
		}
		tree_node_hash(h, sr, c, sr);
		if (rights < 2)
			memcpy(right[rights++], c, TREE_HASH);
	}
	if (sn != 0)
		return "RFC 9162 2.1.4.2: path too short";
	return memcmp(sr, second_root, TREE_HASH) == 0 ? NULL
	    : "RFC 9162 2.1.4.2: path does not lead to the second root";
}

static bool
tree_is_power_of_two(uint64_t n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

/* The general case of tree_consistency, 0 < first < second. */
static const char *
tree_extends(struct hash *h, uint64_t first, const uint8_t first_root[TREE_HASH],
    uint64_t second, const uint8_t second_root[TREE_HASH], struct span path)
{
	uint8_t right[2][TREE_HASH], fr[TREE_HASH];
	const uint8_t *node = first_root;
	struct tree range;
	const char *why;

	if (path.n == 0)
		return "RFC 9162 2.1.4.2: path is empty";
	if (!tree_is_power_of_two(first))
		node = tree_step(&path);
	why = tree_climb(&range, h, first, second, node, path, second_root, right);
	if (why != NULL)
		return why;
	tree_root(&range, h, fr);
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

uint64_t
tree_ask_for(uint64_t m, uint64_t size)
{
	if (m < 3 || m > size || size > MAX_TREE_SIZE)
		return 0;
	if (m == size)
		m--;
	if (tree_is_power_of_two(m))
		m--;
	return tree_is_power_of_two(m) ? 0 : m;
}

/*
 * Where `first` is less than m, the first hashes to the right of it are the leaves up to m. For
 * `first` is odd then, so its right neighbour is a leaf, or it is size - 1, so that the rest of the
 * tree is a single leaf. With two leaves missing, size is a power of two and 1: both hold in turn.
 */
const char *
tree_restore_proof(struct tree *t, struct hash *h, uint64_t m, uint64_t size, struct span path,
    const uint8_t root[TREE_HASH])
{
	uint64_t first = tree_ask_for(m, size);
	uint8_t right[2][TREE_HASH] = { 0 };
	struct tree range;
	const uint8_t *node;
	const char *why;

	if (first == 0)
		return "RFC 9162 2.1.4.1: no consistency proof holds a tree so small";
	if (path.n == 0 || path.n % TREE_HASH != 0)
		return "RFC 9162 2.1.4.2: path is not one or more whole hashes";
	node = tree_step(&path);
	why = tree_climb(&range, h, first, size, node, path, root, right);
	if (why != NULL)
		return why;
	for (unsigned i = 0; first + i < m; i++)
		tree_push(&range, h, right[i], 0);
	*t = range;
	return NULL;
}
