/*
 * SHA-1, SHA-256 and SipHash. In: bytes. Out: digests. This file is a door to
 * libcrypto.
 *
 * It calls SHA1_Init and the other older functions, which are deprecated since
 * OpenSSL 3.0. Every certificate is hashed here, and the newer functions (EVP)
 * allocate memory for each hash and take 7 % longer on a certificate.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "enc/hash.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "base/die.h"

struct hash {
	EVP_MAC_CTX *sip;	/* NULL before the first hash_keyed */
	uint8_t key[16];
};

struct hash *
hash_open(void)
{
	struct hash *h = calloc(1, sizeof(*h));

	if (h == NULL)
		die_world("out of memory for a hash context");
	return h;
}

void
hash_free(struct hash *h)
{
	if (h == NULL)
		return;
	EVP_MAC_CTX_free(h->sip);
	free(h);
}

void
hash_sha1(struct hash *h, struct span s, uint8_t out[HASH_SHA1])
{
	SHA_CTX ctx;

	(void)h;
	if (!SHA1_Init(&ctx) || !SHA1_Update(&ctx, s.p, s.n) || !SHA1_Final(out, &ctx))
		die_bug("libcrypto failed to hash");
}

void
hash_sha256(struct hash *h, struct span s, uint8_t out[HASH_SHA256])
{
	hash_sha256_parts(h, &s, 1, out);
}

void
hash_pair(struct hash *h, struct span s, enum hash_wanted wanted, struct hash_pair *out)
{
	if (wanted != HASH_ONLY_SHA256)
		hash_sha1(h, s, out->sha1);
	if (wanted != HASH_ONLY_SHA1)
		hash_sha256(h, s, out->sha256);
}

void
hash_sha256_parts(struct hash *h, const struct span *parts, size_t n, uint8_t out[HASH_SHA256])
{
	SHA256_CTX ctx;
	int ok = SHA256_Init(&ctx);

	(void)h;
	for (size_t i = 0; i < n; i++)
		ok &= SHA256_Update(&ctx, parts[i].p, parts[i].n);
	if (!ok || !SHA256_Final(out, &ctx))
		die_bug("libcrypto failed to hash");
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
