/*
 * The certificates of the last N events, to tell one that was emitted already
 * from a new one. What is remembered of each is a 64-bit hash under a secret
 * key (hash_keyed), so that nobody can make two certificates that are taken
 * for one; by accident it happens once in 2^64 / N certificates.
 *
 * Exactly the last N: a ring of hashes, oldest overwritten first, and an index
 * into it by open addressing, half full. 16 bytes for each of N, all taken
 * from the system at unique_open.
 */
#ifndef EVENT_UNIQUE_H
#define EVENT_UNIQUE_H

#include "base/span.h"

enum { MAX_UNIQUE = 1 << 30 };	/* of N: the index counts in 32 bits */

struct unique;

struct unique *unique_open(size_t n);	/* 1 to MAX_UNIQUE; out of memory dies */
void unique_free(struct unique *);

bool unique_has(const struct unique *, uint64_t hash);

/* Remembers one that is not there, and forgets the oldest of N. */
void unique_put(struct unique *, uint64_t hash);

#endif
