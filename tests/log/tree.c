/*
 * A Merkle tree (RFC 6962 section 2.1). In: leaves. Out: roots, and inclusion and
 * consistency proofs.
 */
#include "tests/log/tree.h"

#include <openssl/sha.h>
#include <string.h>

static void
tree_join(const unsigned char *left, const unsigned char *right, unsigned char out[TREE_HASH])
{
	unsigned char text[1 + 2 * TREE_HASH];

	text[0] = 1;
	memcpy(text + 1, left, TREE_HASH);
	memcpy(text + 1 + TREE_HASH, right, TREE_HASH);
	SHA256(text, sizeof(text), out);
}

void
tree_free(struct tree *t)
{
	int k;

	for (k = 0; k < TREE_LEVELS; k++)
		bytes_free(&t->level[k]);
	t->size = 0;
}

const unsigned char *
tree_node(const struct tree *t, int level, uint64_t i)
{
	return t->level[level].at + i * TREE_HASH;
}

void
tree_put_hash(struct tree *t, const unsigned char leaf_hash[TREE_HASH])
{
	unsigned char joined[TREE_HASH];
	uint64_t i = t->size++;
	int k;

	bytes_put(&t->level[0], leaf_hash, TREE_HASH);
	for (k = 0; i & 1; k++, i >>= 1) {
		tree_join(tree_node(t, k, i - 1), tree_node(t, k, i), joined);
		bytes_put(&t->level[k + 1], joined, TREE_HASH);
	}
}

void
tree_put_leaf(struct tree *t, const void *leaf, size_t len)
{
	unsigned char hash[TREE_HASH];
	struct bytes text = { 0 };

	bytes_put_byte(&text, 0);
	bytes_put(&text, leaf, len);
	SHA256(text.at, text.len, hash);
	bytes_free(&text);
	tree_put_hash(t, hash);
}

/* Returns the level of the largest complete subtree in n leaves, n > 0, which is floor(log2 n). */
static int
tree_level(uint64_t n)
{
	int k = 0;

	while (n >>= 1)
		k++;
	return k;
}

void
tree_range(const struct tree *t, uint64_t from, uint64_t to, unsigned char out[TREE_HASH])
{
	const unsigned char *part[TREE_LEVELS];
	int parts = 0;

	if (from == to) {
		SHA256(NULL, 0, out);
		return;
	}
	while (from < to) {
		int k = tree_level(to - from);

		part[parts++] = tree_node(t, k, from >> k);
		from += (uint64_t)1 << k;
	}
	memcpy(out, part[--parts], TREE_HASH);
	while (parts > 0)
		tree_join(part[--parts], out, out);
}

void
tree_root(const struct tree *t, uint64_t size, unsigned char out[TREE_HASH])
{
	tree_range(t, 0, size, out);
}

/* The hashes of a proof in the order they are found, from the root down; they are written in reverse. */
struct climb {
	unsigned char hash[2 * TREE_LEVELS][TREE_HASH];
	int count;
};

static void
climb_add(struct climb *c, const struct tree *t, uint64_t from, uint64_t to)
{
	tree_range(t, from, to, c->hash[c->count++]);
}

static void
climb_put(struct climb *c, struct bytes *out)
{
	while (c->count > 0)
		bytes_put(out, c->hash[--c->count], TREE_HASH);
}

/* Returns where from..to-1, at least two leaves, are split: after the largest power of two less than all. */
static uint64_t
tree_split(uint64_t from, uint64_t to)
{
	return from + ((uint64_t)1 << tree_level(to - from - 1));
}

void
tree_put_path(const struct tree *t, uint64_t index, uint64_t size, struct bytes *out)
{
	struct climb c = { .count = 0 };
	uint64_t from = 0, to = size;

	while (to - from > 1) {
		uint64_t middle = tree_split(from, to);

		if (index < middle) {
			climb_add(&c, t, middle, to);
			to = middle;
		} else {
			climb_add(&c, t, from, middle);
			from = middle;
		}
	}
	climb_put(&c, out);
}

void
tree_put_consistency(const struct tree *t, uint64_t first, uint64_t second, struct bytes *out)
{
	struct climb c = { .count = 0 };
	uint64_t from = 0, to = second;

	while (first != to) {
		uint64_t middle = tree_split(from, to);

		if (first <= middle) {
			climb_add(&c, t, middle, to);
			to = middle;
		} else {
			climb_add(&c, t, from, middle);
			from = middle;
		}
	}
	if (from > 0)
		climb_add(&c, t, from, to);
	climb_put(&c, out);
}

bool
tree_find(const struct tree *t, const unsigned char hash[TREE_HASH], uint64_t size,
    uint64_t *index)
{
	uint64_t i;

	for (i = 0; i < size; i++)
		if (memcmp(tree_node(t, 0, i), hash, TREE_HASH) == 0) {
			*index = i;
			return true;
		}
	return false;
}
