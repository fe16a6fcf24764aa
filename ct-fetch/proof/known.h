/*
 * Known hashes: nodes of a log's Merkle tree that a signed head has proven, before the entries
 * under them have come. They stand for consecutive ranges of entries, each for one entry or for
 * one data tile.
 */
#ifndef CT_FETCH_PROOF_KNOWN_H
#define CT_FETCH_PROOF_KNOWN_H

#include "ct/tree.h"

struct known_hash {
	uint64_t from;		/* index of the first entry under it */
	unsigned height;	/* it covers 2^height entries: 0, or 8 for a data tile */
	uint8_t hash[TREE_HASH];
};

struct known {
	struct known_hash *hashes;	/* owned */
	size_t first, n, cap;		/* those in use are hashes[first] to hashes[n - 1] */
};

/* Makes *known empty. */
void known_init(struct known *known);

/* Frees all hashes of known, which may then be used again. */
void known_free(struct known *known);

/*
 * Appends hash, which covers 2^height entries from index `from` on. from must be known_end, unless there
 * are no hashes.
 */
void known_add(struct known *known, uint64_t from, unsigned height, const uint8_t hash[TREE_HASH]);

/* Forgets the hashes of entries before index. */
void known_drop(struct known *known, uint64_t index);

/* Returns the hash that begins at index, valid until the next change, or NULL. */
const struct known_hash *known_find(const struct known *known, uint64_t index);

/* Returns the index behind the last entry that is covered, or 0 when there are no hashes. */
uint64_t known_end(const struct known *known);

#endif
