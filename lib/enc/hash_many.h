/*
 * SHA-1 and SHA-256 of many texts at once. Where libipsec-mb is there, they
 * are hashed side by side, one in each lane of a vector register: with AVX-512
 * in half the time that libcrypto takes for one after the other by the
 * processor's SHA instructions, with AVX2 in three quarters of it.
 */
#ifndef ENC_HASH_MANY_H
#define ENC_HASH_MANY_H

#include "enc/hash.h"

enum {
	HASH_MANY = 64,			/* texts of one call, at most */
	HASH_SHORT = 4096,		/* bytes; a longer text would run on alone, and is hashed alone */
};

struct hash_many;

/* The struct hash stays the caller's, and must outlive it. */
struct hash_many *hash_many_open(struct hash *);
void hash_many_free(struct hash_many *);

/* out[i] becomes the digests of in[i], for n texts of any length. Allocates nothing. */
void hash_many(struct hash_many *, const struct span in[], unsigned n, enum hash_wanted,
    struct hash_pair out[]);

#endif
