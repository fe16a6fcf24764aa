/*
 * ECDSA on P-256. In: a SHA-256 digest. Out: r and s in DER. libcrypto draws a new
 * nonce for each signature, but the same seed has to give the same log; so this file
 * makes signatures with the nonces of RFC 6979.
 */
#include "tests/log/key.h"

#include <openssl/obj_mac.h>
#include <openssl/sha.h>
#include <string.h>

#include "tests/log/fail.h"

static void
ec_check(int ok)
{
	if (!ok)
		fail_bug("P-256 arithmetic failed");
}

static void
ec_multiply(const EC_GROUP *group, const BIGNUM *scalar, BIGNUM *x, BIGNUM *y, BN_CTX *ctx)
{
	EC_POINT *point = EC_POINT_new(group);

	ec_check(point != NULL);
	ec_check(EC_POINT_mul(group, point, scalar, NULL, NULL, ctx));
	ec_check(EC_POINT_get_affine_coordinates(group, point, x, y, ctx));
	EC_POINT_free(point);
}

BIGNUM *
ec_draw(const EC_GROUP *group, struct rand *r, unsigned char point[65])
{
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *secret = BN_new(), *x = BN_new(), *y = BN_new();
	unsigned char raw[32];

	ec_check(ctx != NULL && secret != NULL && x != NULL && y != NULL);
	do {
		rand_fill(r, raw, sizeof(raw));
		ec_check(BN_bin2bn(raw, sizeof(raw), secret) != NULL);
	} while (BN_is_zero(secret) || BN_cmp(secret, EC_GROUP_get0_order(group)) >= 0);
	ec_multiply(group, secret, x, y, ctx);
	point[0] = 4;
	ec_check(BN_bn2binpad(x, point + 1, 32) == 32 && BN_bn2binpad(y, point + 33, 32) == 32);
	BN_free(x);
	BN_free(y);
	BN_CTX_free(ctx);
	return secret;
}

void
ec_init(struct ec *e, struct rand *r)
{
	e->group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	ec_check(e->group != NULL);
	e->secret = ec_draw(e->group, r, e->point);
}

/* HMAC-SHA256 (RFC 2104) of at most 97 bytes. HMAC() of libcrypto 3 looks its parts up anew each time. */
static void
ec_hmac(unsigned char key[32], const unsigned char *text, size_t len, unsigned char out[32])
{
	unsigned char inner[64 + 97], outer[64 + 32];
	int i;

	memset(inner, 0x36, 64);
	memset(outer, 0x5c, 64);
	for (i = 0; i < 32; i++) {
		inner[i] ^= key[i];
		outer[i] ^= key[i];
	}
	memcpy(inner + 64, text, len);
	SHA256(inner, 64 + len, outer + 64);
	SHA256(outer, sizeof(outer), out);
}

/* Makes the nonce by RFC 6979 section 3.2, steps b to h, where hash and order both have 256 bits. */
static void
ec_nonce(const struct ec *e, const unsigned char digest[32], BIGNUM *k, BN_CTX *ctx)
{
	const BIGNUM *order = EC_GROUP_get0_order(e->group);
	unsigned char key[32] = { 0 }, text[97], *v = text;
	BIGNUM *z = BN_new();
	int round;

	ec_check(z != NULL && BN_bin2bn(digest, 32, z) != NULL && BN_mod(z, z, order, ctx));
	memset(v, 1, 32);
	for (round = 0; round < 2; round++) {
		text[32] = (unsigned char)round;
		ec_check(BN_bn2binpad(e->secret, text + 33, 32) == 32);
		ec_check(BN_bn2binpad(z, text + 65, 32) == 32);
		ec_hmac(key, text, 97, key);
		ec_hmac(key, v, 32, v);
	}
	for (;;) {
		ec_hmac(key, v, 32, v);
		ec_check(BN_bin2bn(v, 32, k) != NULL);
		if (!BN_is_zero(k) && BN_cmp(k, order) < 0)
			break;
		text[32] = 0;
		ec_hmac(key, text, 33, key);
		ec_hmac(key, v, 32, v);
	}
	BN_free(z);
}

static void
ec_put_pair(struct bytes *out, const BIGNUM *r, const BIGNUM *s)
{
	unsigned char raw[64];
	struct der d;

	ec_check(BN_bn2binpad(r, raw, 32) == 32 && BN_bn2binpad(s, raw + 32, 32) == 32);
	der_init(&d, out);
	der_open(&d, DER_SEQUENCE);
	der_put_positive(&d, raw, 32);
	der_put_positive(&d, raw + 32, 32);
	der_close(&d);
}

/* r = (kG).x and s = (z + r secret) / k, modulo the order. That r or s is 0 is too rare to be handled. */
void
ec_sign(const struct ec *e, const unsigned char digest[32], struct bytes *out)
{
	const BIGNUM *order = EC_GROUP_get0_order(e->group);
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *k, *r, *s, *z;

	ec_check(ctx != NULL);
	BN_CTX_start(ctx);
	k = BN_CTX_get(ctx);
	r = BN_CTX_get(ctx);
	s = BN_CTX_get(ctx);
	z = BN_CTX_get(ctx);
	ec_check(z != NULL && BN_bin2bn(digest, 32, z) != NULL);
	ec_nonce(e, digest, k, ctx);
	ec_multiply(e->group, k, r, NULL, ctx);
	ec_check(BN_nnmod(r, r, order, ctx) && BN_mod_mul(s, r, e->secret, order, ctx));
	ec_check(BN_mod_add(s, s, z, order, ctx));
	ec_check(BN_mod_inverse(k, k, order, ctx) != NULL && BN_mod_mul(s, s, k, order, ctx));
	ec_check(!BN_is_zero(r) && !BN_is_zero(s));
	ec_put_pair(out, r, s);
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
}
