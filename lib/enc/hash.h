/*
 * SHA-1, SHA-256 and SipHash by libcrypto. Once warm, none of them allocates
 * but the last.
 */
#ifndef ENC_HASH_H
#define ENC_HASH_H

#include "base/span.h"

enum {
	HASH_SHA1 = 20,		/* bytes */
	HASH_SHA256 = 32,
};

/* Which digests of a struct hash_pair are made. */
enum hash_wanted {
	HASH_ONLY_SHA1,
	HASH_BOTH,
};

struct hash_pair {
	uint8_t sha1[HASH_SHA1], sha256[HASH_SHA256];
};

struct hash;

struct hash *hash_open(void);
void hash_free(struct hash *);

void hash_sha1(struct hash *, struct span, uint8_t out[HASH_SHA1]);
void hash_sha256(struct hash *, struct span, uint8_t out[HASH_SHA256]);
/* What is not wanted stays as it was. */
void hash_pair(struct hash *, struct span, enum hash_wanted, struct hash_pair *out);

/* SHA-256 of the parts one behind the other; RFC 6962 hashes have prefixes. */
void hash_sha256_parts(struct hash *, const struct span *parts, size_t n,
    uint8_t out[HASH_SHA256]);

/*
 * SipHash-2-4 of the parts one behind the other, under a key that is random
 * and secret to this struct hash: for tables that strangers fill. The key is
 * drawn at the first call.
 */
uint64_t hash_keyed(struct hash *, const struct span *parts, size_t n);

#endif
