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
 * Makes a struct hash_many, which the caller frees with hash_many_free. It uses
 * hash for texts that libcrypto hashes, so hash must outlive it. Never returns
 * NULL: when memory runs out, the process ends with exit code 111.
 */
struct hash_many *hash_many_open(struct hash *hash);

/* Frees many, which may be NULL. The struct hash given to hash_many_open stays. */
void hash_many_free(struct hash_many *many);

/*
 * Hashes the n texts at in, of any length; n is at most HASH_MANY. Writes to
 * out[i] the digests of in[i] that wanted names. Allocates no memory.
 */
void hash_many(struct hash_many *many, const struct span in[], unsigned n, enum hash_wanted wanted,
    struct hash_pair out[]);

#endif
