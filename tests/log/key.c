/*
 * Keys of both kinds. In: a stream of numbers, or primes. Out: keys, their public
 * forms, and signatures (RFC 5480, RFC 8017, RFC 5246 section 4.7).
 */
#include "tests/log/key.h"

#include <openssl/sha.h>

#include "tests/log/fail.h"

static void
key_put_ec_point(struct bytes *out, const unsigned char point[65])
{
	struct der d;

	der_init(&d, out);
	der_open(&d, DER_SEQUENCE);
	der_open(&d, DER_SEQUENCE);
	der_put_oid(&d, "1.2.840.10045.2.1");
	der_put_oid(&d, "1.2.840.10045.3.1.7");
	der_close(&d);
	der_open_bits(&d);
	bytes_put(out, point, 65);
	der_close(&d);
	der_close(&d);
}

static void
key_put_modulus(struct bytes *out, const BIGNUM *n)
{
	unsigned char modulus[256];
	struct der d;

	if (BN_bn2binpad(n, modulus, sizeof(modulus)) != sizeof(modulus))
		fail_bug("RSA modulus is not of 2048 bits");
	der_init(&d, out);
	der_open(&d, DER_SEQUENCE);
	der_open(&d, DER_SEQUENCE);
	der_put_oid(&d, "1.2.840.113549.1.1.1");
	der_put_null(&d);
	der_close(&d);
	der_open_bits(&d);
	der_open(&d, DER_SEQUENCE);
	der_put_positive(&d, modulus, sizeof(modulus));
	der_put_positive(&d, "\x01\x00\x01", 3);
	der_close(&d);
	der_close(&d);
	der_close(&d);
}

/* The bits of the key are the end of the SPKI, behind its last header. */
static void
key_name(struct key *k, size_t bits)
{
	SHA256(k->spki.at, k->spki.len, k->id);
	SHA1(k->spki.at + k->spki.len - bits, bits, k->ski);
}

void
key_init_ec(struct key *k, struct rand *r)
{
	*k = (struct key){ .type = KEY_EC };
	ec_init(&k->ec, r);
	key_put_ec_point(&k->spki, k->ec.point);
	key_name(k, 65);
}

void
key_init_rsa(struct key *k, const BIGNUM *p, const BIGNUM *q)
{
	*k = (struct key){ .type = KEY_RSA };
	rsa_init(&k->rsa, p, q);
	key_put_modulus(&k->spki, k->rsa.n);
	/* Bytes: 4 of the SEQUENCE header, 4 of the INTEGER header, 1 leading zero, 256 of n, 5 of the exponent. */
	key_name(k, 4 + 5 + 256 + 5);
}

void
key_sign(const struct key *k, const void *message, size_t len, struct bytes *out)
{
	unsigned char digest[32];

	SHA256(message, len, digest);
	if (k->type == KEY_EC)
		ec_sign(&k->ec, digest, out);
	else
		rsa_sign(&k->rsa, digest, out);
}

void
key_sign_tls(const struct key *k, const void *message, size_t len, struct bytes *out)
{
	struct bytes signature = { 0 };

	key_sign(k, message, len, &signature);
	bytes_put_byte(out, 4);
	bytes_put_byte(out, k->type == KEY_EC ? 3 : 1);
	bytes_put_uint(out, signature.len, 2);
	bytes_put(out, signature.at, signature.len);
	bytes_free(&signature);
}

/* The parameters are NULL for RSA and absent for ECDSA (RFC 4055 section 5, RFC 5758 section 3.2). */
void
key_put_algorithm(const struct key *k, struct der *d)
{
	der_open(d, DER_SEQUENCE);
	if (k->type == KEY_EC) {
		der_put_oid(d, "1.2.840.10045.4.3.2");
	} else {
		der_put_oid(d, "1.2.840.113549.1.1.11");
		der_put_null(d);
	}
	der_close(d);
}

void
key_put_signed(const struct key *k, const struct bytes *tbs, struct bytes *out)
{
	struct der d;

	der_init(&d, out);
	der_open(&d, DER_SEQUENCE);
	bytes_put(out, tbs->at, tbs->len);
	key_put_algorithm(k, &d);
	der_open_bits(&d);
	key_sign(k, tbs->at, tbs->len, out);
	der_close(&d);
	der_close(&d);
}

void
key_put_pem(const struct key *k, struct bytes *out)
{
	struct bytes text = { 0 };
	size_t i;

	bytes_put_base64(&text, k->spki.at, k->spki.len);
	bytes_put_text(out, "-----BEGIN PUBLIC KEY-----\n");
	for (i = 0; i < text.len; i += 64) {
		bytes_put(out, text.at + i, text.len - i < 64 ? text.len - i : 64);
		bytes_put_byte(out, '\n');
	}
	bytes_put_text(out, "-----END PUBLIC KEY-----\n");
	bytes_free(&text);
}

void
key_put_ec_spki(const EC_GROUP *group, struct rand *r, struct bytes *out)
{
	unsigned char point[65];

	BN_free(ec_draw(group, r, point));
	key_put_ec_point(out, point);
}

void
key_put_rsa_spki(const BIGNUM *p, const BIGNUM *q, struct bytes *out)
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *n = BN_new();

	if (ctx == NULL || n == NULL || !BN_mul(n, p, q, ctx))
		fail_bug("RSA modulus");
	key_put_modulus(out, n);
	BN_free(n);
	BN_CTX_free(ctx);
}
