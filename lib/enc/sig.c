/*
 * Checks signatures (RFC 6962 section 2.1.4). In: public keys, messages and
 * signatures, none of them trusted. Out: NULL, or why a signature does not hold.
 * This file is a door to libcrypto.
 */
#include <limits.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/die.h"
#include "enc/rd.h"
#include "enc/sig.h"

enum {
	TLS_SHA256 = 4,		/* a HashAlgorithm of RFC 5246 section 7.4.1.4.1 */
	TLS_RSA = 1,		/* SignatureAlgorithms of it */
	TLS_ECDSA = 3,
	MIN_RSA_BITS = 2048,
	MAX_RSA_BITS = 8192,	/* bounds the cost of a check */
	MAX_KEY = 64 << 10,	/* bytes of DER or PEM that are looked at */
};

struct sig_key {
	EVP_PKEY *pkey;
	unsigned algorithm;	/* TLS_RSA or TLS_ECDSA */
	size_t n;
	uint8_t der[];
};

/* Returns the TLS SignatureAlgorithm that the key is for, or 0 when RFC 6962 does not allow the key. */
static unsigned
sig_algorithm(const EVP_PKEY *pkey)
{
	char group[32];

	if (EVP_PKEY_is_a(pkey, "RSA")) {
		int bits = EVP_PKEY_get_bits(pkey);

		return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS ? TLS_RSA : 0;
	}
	if (EVP_PKEY_is_a(pkey, "EC") &&
	    EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) == 1 &&
	    strcmp(group, "prime256v1") == 0)
		return TLS_ECDSA;
	return 0;
}

const char *
sig_key_parse(struct span der, struct sig_key **key)
{
	const unsigned char *p = der.p;
	struct sig_key *k;
	EVP_PKEY *pkey;
	unsigned algorithm;

	if (der.n == 0 || der.n > MAX_KEY)
		return "RFC 5280 4.1: SubjectPublicKeyInfo empty or too long";
	pkey = d2i_PUBKEY(NULL, &p, (long)der.n);
	ERR_clear_error();
	if (pkey == NULL)
		return "RFC 5280 4.1: not a SubjectPublicKeyInfo";
	algorithm = sig_algorithm(pkey);
	if (p != der.p + der.n || algorithm == 0) {
		EVP_PKEY_free(pkey);
		return algorithm == 0 ?
		    "RFC 6962 2.1.4: key is neither P-256 nor RSA of 2048 to 8192 bits" :
		    "RFC 5280 4.1: bytes behind the SubjectPublicKeyInfo";
	}
	k = malloc(sizeof(*k) + der.n);
	if (k == NULL)
		die_world("out of memory for a key");
	k->pkey = pkey;
	k->algorithm = algorithm;
	k->n = der.n;
	memcpy(k->der, der.p, der.n);
	*key = k;
	return NULL;
}

const char *
sig_key_parse_pem(struct span pem, struct sig_key **key)
{
	const char *why = "RFC 7468 13: no PUBLIC KEY block";
	bool found = false;
	BIO *in;

	if (pem.n == 0 || pem.n > MAX_KEY)
		return "RFC 7468: PEM text empty or too long";
	in = BIO_new_mem_buf(pem.p, (int)pem.n);
	if (in == NULL)
		die_world("out of memory for a key");
	while (!found) {
		char *name = NULL, *header = NULL;
		unsigned char *bytes = NULL;
		long n = 0;

		if (PEM_read_bio(in, &name, &header, &bytes, &n) != 1)
			break;
		found = strcmp(name, PEM_STRING_PUBLIC) == 0;
		if (found)
			why = sig_key_parse(span_of(bytes, (size_t)n), key);
		OPENSSL_free(name);
		OPENSSL_free(header);
		OPENSSL_free(bytes);
	}
	BIO_free(in);
	ERR_clear_error();
	return why;
}

void
sig_key_free(struct sig_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	free(key);
}

struct span
sig_key_der(const struct sig_key *key)
{
	return span_of(key->der, key->n);
}

const char *
sig_verify(const struct sig_key *key, struct span message, struct span signature)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int good;

	if (ctx == NULL || EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key->pkey) != 1)
		die_world("libcrypto cannot verify with SHA-256");
	good = EVP_DigestVerify(ctx, signature.p, signature.n, message.p, message.n);
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return good == 1 ? NULL : "RFC 6962 2.1.4: signature does not verify";
}

const char *
sig_verify_tls(const struct sig_key *key, struct span message, struct span digitally_signed)
{
	struct rd r = rd_of(digitally_signed);
	uint64_t hash, algorithm;
	struct span signature;

	if (!rd_uint(&r, 1, &hash) || !rd_uint(&r, 1, &algorithm) ||
	    !rd_opaque(&r, 2, &signature))
		return "RFC 5246 4.7: DigitallySigned is cut";
	if (!rd_done(&r))
		return "RFC 5246 4.7: bytes behind DigitallySigned";
	if (hash != TLS_SHA256)
		return "RFC 6962 2.1.4: hash algorithm is not SHA-256";
	if (algorithm != key->algorithm)
		return "RFC 6962 2.1.4: signature algorithm is not that of the key";
	return sig_verify(key, message, signature);
}
