/*
 * SHA-1 and SHA-256. In: bytes. Out: digests. The door to libcrypto's
 * digests; called for every certificate, so nothing is fetched twice.
 */
#include "enc/hash.h"

#include <stdlib.h>

#include <openssl/evp.h>

#include "base/die.h"

struct hash {
	EVP_MD *sha1, *sha256;
	EVP_MD_CTX *ctx;
};

struct hash *
hash_open(void)
{
	struct hash *h = malloc(sizeof(*h));

	if (h == NULL)
		die_world("out of memory for a hash context");
	h->sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
	h->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	h->ctx = EVP_MD_CTX_new();
	if (h->sha1 == NULL || h->sha256 == NULL || h->ctx == NULL)
		die_world("libcrypto offers no SHA-1 or SHA-256; check its configuration");
	return h;
}

void
hash_free(struct hash *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->sha256);
	EVP_MD_free(h->sha1);
	free(h);
}

static void
hash_parts(struct hash *h, const EVP_MD *md, const struct span *parts, size_t n, uint8_t *out)
{
	int ok = EVP_DigestInit_ex(h->ctx, md, NULL);

	for (size_t i = 0; i < n; i++)
		ok &= EVP_DigestUpdate(h->ctx, parts[i].p, parts[i].n);
	ok &= EVP_DigestFinal_ex(h->ctx, out, NULL);
	if (!ok)
		die_bug("libcrypto failed to hash");
}

void
hash_sha1(struct hash *h, struct span s, uint8_t out[HASH_SHA1])
{
	hash_parts(h, h->sha1, &s, 1, out);
}

void
hash_sha256(struct hash *h, struct span s, uint8_t out[HASH_SHA256])
{
	hash_parts(h, h->sha256, &s, 1, out);
}

void
hash_sha256_parts(struct hash *h, const struct span *parts, size_t n, uint8_t out[HASH_SHA256])
{
	hash_parts(h, h->sha256, parts, n, out);
}
