/*
 * Digests and keyed hashes, by libcrypto. A struct hash is what they work with; it
 * may be used for any number of calls, one at a time. The functions for SHA-1 and
 * SHA-256 allocate no memory; hash_keyed may.
 */
#ifndef ENC_HASH_H
#define ENC_HASH_H

#include "base/span.h"

/* Bytes of a digest. */
enum {
	HASH_SHA1 = 20,
	HASH_SHA256 = 32,
};

/* Which digests of a struct hash_pair are computed. */
enum hash_wanted {
	HASH_ONLY_SHA1,		/* sha1 */
	HASH_ONLY_SHA256,	/* sha256 */
	HASH_BOTH,		/* sha1 and sha256 */
};

struct hash_pair {
	uint8_t sha1[HASH_SHA1], sha256[HASH_SHA256];
};

struct hash;

/*
 * Makes a struct hash, which the caller frees with hash_free. Never returns NULL:
 * when memory runs out, the process ends with exit code 111.
 */
struct hash *hash_open(void);

/* Frees h, which may be NULL. */
void hash_free(struct hash *h);

/* Write the SHA-1 or the SHA-256 of bytes to out. */
void hash_sha1(struct hash *h, struct span bytes, uint8_t out[HASH_SHA1]);
void hash_sha256(struct hash *h, struct span bytes, uint8_t out[HASH_SHA256]);

/* Writes to out the digests of bytes that wanted names; a member not named is not changed. */
void hash_pair(struct hash *h, struct span bytes, enum hash_wanted wanted, struct hash_pair *out);

/* Writes to out the SHA-256 of the n spans at parts, taken as one text. */
void hash_sha256_parts(struct hash *h, const struct span *parts, size_t n,
    uint8_t out[HASH_SHA256]);

/*
 * Returns the SipHash-2-4 of the n spans at parts, taken as one text. The key is
 * random and known only to h, so that nobody can choose bytes whose hashes are
 * equal. The first call for h draws the key; it ends the process with exit code
 * 111 when libcrypto has no SipHash or no randomness.
 */
uint64_t hash_keyed(struct hash *h, const struct span *parts, size_t n);

#endif
