/*
 * SHA-1, SHA-256 and SipHash. In: bytes. Out: digests. The door to libcrypto's
 * digests; called for every certificate, so nothing is fetched twice.
 */
#include "enc/hash.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "base/die.h"

struct hash {
	EVP_MD *sha1, *sha256;
	EVP_MD_CTX *ctx;
	EVP_MAC_CTX *sip;	/* NULL until it is needed */
	uint8_t key[16];
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
	h->sip = NULL;
	if (h->sha1 == NULL || h->sha256 == NULL || h->ctx == NULL)
		die_world("libcrypto offers no SHA-1 or SHA-256; check its configuration");
	return h;
}

void
hash_free(struct hash *h)
{
	if (h == NULL)
		return;
	EVP_MAC_CTX_free(h->sip);
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

static void
hash_open_keyed(struct hash *h)
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);

	h->sip = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
	EVP_MAC_free(mac);
	if (h->sip == NULL || RAND_bytes(h->key, sizeof(h->key)) != 1)
		die_world("libcrypto offers no SipHash or no random key; check its configuration");
}

uint64_t
hash_keyed(struct hash *h, const struct span *parts, size_t n)
{
	size_t size = sizeof(uint64_t), got;
	OSSL_PARAM params[] = { OSSL_PARAM_size_t(OSSL_MAC_PARAM_SIZE, &size), OSSL_PARAM_END };
	uint8_t out[16];
	uint64_t v;
	int ok;

	if (h->sip == NULL)
		hash_open_keyed(h);
	ok = EVP_MAC_init(h->sip, h->key, sizeof(h->key), params);
	for (size_t i = 0; i < n; i++)
		ok &= EVP_MAC_update(h->sip, parts[i].p, parts[i].n);
	ok &= EVP_MAC_final(h->sip, out, &got, sizeof(out));
	if (!ok || got != size)
		die_bug("libcrypto failed to hash");
	memcpy(&v, out, sizeof(v));
	return v;
}
