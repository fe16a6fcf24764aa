/*
 * Merkle trees as RFC 6962 section 2.1 defines them: roots, paths and proofs, computed from all
 * leaves by its recursive definitions. Tests hold the code of lib/ct against them.
 */
#ifndef MERKLE_H
#define MERKLE_H

#include "base/buf.h"
#include "ct/tree.h"

/* The leaves of a log, and what to hash with. */
struct merkle {
	struct hash *hash;
	uint8_t (*leaves)[TREE_HASH];
};

/* Makes n different leaves. */
static inline void
merkle_make_leaves(const struct merkle *a, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint8_t text[] = { 'l', (uint8_t)i, (uint8_t)(i >> 8) };

		tree_leaf_hash(a->hash, span_of(text, sizeof(text)), a->leaves[i]);
	}
}

/* The largest power of two below n, which must be above 1. */
static inline uint64_t
merkle_split(uint64_t n)
{
	uint64_t k = 1;

	while (k * 2 < n)
		k *= 2;
	return k;
}

/* MTH of RFC 6962 2.1 as it is written there, over the leaves [from, from + n). */
static inline void
merkle_root(const struct merkle *a, uint64_t from, uint64_t n, uint8_t out[TREE_HASH])
{
	uint8_t l[TREE_HASH], r[TREE_HASH];

	if (n == 0) {
		hash_sha256(a->hash, SPAN(""), out);
	} else if (n == 1) {
		memcpy(out, a->leaves[from], TREE_HASH);
	} else {
		merkle_root(a, from, merkle_split(n), l);
		merkle_root(a, from + merkle_split(n), n - merkle_split(n), r);
		tree_node_hash(a->hash, l, r, out);
	}
}

/* Appends that root to b. */
static inline void
merkle_put_root(const struct merkle *a, struct buf *b, uint64_t from, uint64_t n)
{
	uint8_t h[TREE_HASH];

	merkle_root(a, from, n, h);
	buf_put(b, span_of(h, sizeof(h)));
}

/* Appends PATH of RFC 6962 2.1.1 to b, from the leaf up. */
static inline void
merkle_put_path(const struct merkle *a, struct buf *b, uint64_t m, uint64_t from, uint64_t n)
{
	uint64_t k;

	if (n <= 1)
		return;
	k = merkle_split(n);
	if (m < k) {
		merkle_put_path(a, b, m, from, k);
		merkle_put_root(a, b, from + k, n - k);
	} else {
		merkle_put_path(a, b, m - k, from + k, n - k);
		merkle_put_root(a, b, from, k);
	}
}

/* Appends SUBPROOF of RFC 6962 2.1.2 to b; PROOF is that with `whole` true. */
static inline void
merkle_put_subproof(const struct merkle *a, struct buf *b, uint64_t m, uint64_t from, uint64_t n,
    bool whole)
{
	uint64_t k;

	if (m == n) {
		if (!whole)
			merkle_put_root(a, b, from, n);
		return;
	}
	k = merkle_split(n);
	if (m <= k) {
		merkle_put_subproof(a, b, m, from, k, whole);
		merkle_put_root(a, b, from + k, n - k);
	} else {
		merkle_put_subproof(a, b, m - k, from + k, n - k, false);
		merkle_put_root(a, b, from, k);
	}
}

#endif
