/*
 * Digests and keyed hashes, by libcrypto. The functions for SHA-1 and SHA-256
 * allocate no memory; hash_keyed may.
 */
#ifndef ENC_HASH_H
#define ENC_HASH_H

#include "base/span.h"

/* Bytes of a digest. */
enum {
	HASH_SHA1 = 20,
	HASH_SHA256 = 32,
};

/* Which digests of a struct hash_pair are wanted. */
enum hash_wanted {
	HASH_ONLY_SHA1,
	HASH_BOTH,
};

struct hash_pair {
	uint8_t sha1[HASH_SHA1], sha256[HASH_SHA256];
};

struct hash;

/* Makes what the functions below need. It never returns NULL; the caller ends it with hash_free. */
struct hash *hash_open(void);

/* Ends it; NULL is allowed. */
void hash_free(struct hash *);

/* Write a digest of bytes to out. */
void hash_sha1(struct hash *, struct span bytes, uint8_t out[HASH_SHA1]);
void hash_sha256(struct hash *, struct span bytes, uint8_t out[HASH_SHA256]);

/* Writes those digests of bytes to out that are wanted, and leaves the other alone. */
void hash_pair(struct hash *, struct span bytes, enum hash_wanted wanted, struct hash_pair *out);

/* Writes to out the SHA-256 of the n parts, put one behind the other. */
void hash_sha256_parts(struct hash *, const struct span *parts, size_t n,
    uint8_t out[HASH_SHA256]);

/*
 * Returns the SipHash-2-4 of the n parts, put one behind the other. The key is
 * random and known only to this struct hash, so that a stranger cannot choose
 * bytes that hash alike. The first call draws the key; it ends the process with
 * 111 when libcrypto has no SipHash or no randomness.
 */
uint64_t hash_keyed(struct hash *, const struct span *parts, size_t n);

#endif
