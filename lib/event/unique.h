/*
 * A set of the certificates in the last N events, which tells a certificate that
 * was written already from a new one. Each is remembered by a 64-bit hash under a
 * secret key (hash_keyed in enc/hash.h), so that nobody can make two certificates
 * with the same hash. By accident a new certificate has the hash of a remembered
 * one once in 2^64 / N times.
 *
 * The set takes 16 bytes for each of the N, all of them from unique_open on.
 */
#ifndef EVENT_UNIQUE_H
#define EVENT_UNIQUE_H

#include "base/span.h"

enum { MAX_UNIQUE = 1 << 30 };	/* the largest N: the index counts in 32 bits */

struct unique;

/*
 * Returns an empty set for the last n hashes, 1 to MAX_UNIQUE, which unique_free frees. When memory
 * runs out, the process ends with 111.
 */
struct unique *unique_open(size_t n);

/* Frees the set; NULL is allowed. */
void unique_free(struct unique *u);

/* Returns true when hash is one of the last n that unique_put was given. */
bool unique_has(const struct unique *u, uint64_t hash);

/*
 * Remembers hash, for which unique_has must return false. When n hashes are remembered
 * already, the oldest of them is forgotten.
 */
void unique_put(struct unique *u, uint64_t hash);

#endif
