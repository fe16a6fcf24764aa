/*
 * SHA-1 and SHA-256 of many texts at once. With libipsec-mb they are hashed
 * side by side, each text in one lane of a vector register. Compared with
 * libcrypto, which hashes one text after the other with the processor's SHA
 * instructions, this takes half the time with AVX-512 and three quarters of it
 * with AVX2. On other processors, and without the library, libcrypto does it.
 */
#ifndef ENC_HASH_MANY_H
#define ENC_HASH_MANY_H

#include "enc/hash.h"

enum {
	HASH_MANY = 64,			/* texts in one call, at most */
	HASH_SHORT = 4096,		/* bytes; a longer text is hashed alone, by libcrypto */
};

struct hash_many;

/*
 * Makes what hash_many needs. It uses hash, which must outlive it. It never
 * returns NULL; the caller ends it with hash_many_free.
 */
struct hash_many *hash_many_open(struct hash *hash);

/* Ends it; NULL is allowed. */
void hash_many_free(struct hash_many *);

/*
 * Writes the wanted digests of the texts in[0] to in[n - 1], of any length, to
 * out[0] to out[n - 1]; n is at most HASH_MANY. Allocates no memory.
 */
void hash_many(struct hash_many *, const struct span in[], unsigned n, enum hash_wanted wanted,
    struct hash_pair out[]);

#endif
