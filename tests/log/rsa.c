/*
 * RSA-2048 (RFC 8017). In: a stream of numbers, which primes are drawn from, or a SHA-256
 * digest. Out: keys, or RSASSA-PKCS1-v1_5 signatures of 256 bytes (sections 5.1.2 and
 * 8.2.1).
 */
#include "tests/log/key.h"

#include <stdbool.h>
#include <string.h>

#include "tests/log/fail.h"

#define RSA_EXPONENT 65537
#define RSA_HALF     128	/* bytes of a prime */

static void
rsa_check(int ok)
{
	if (!ok)
		fail_bug("RSA arithmetic failed");
}

/* Tells whether p has a small factor, or p - 1 one in common with the exponent. */
static bool
rsa_factor_is_small(const BIGNUM *p)
{
	BN_ULONG small;

	if (BN_mod_word(p, RSA_EXPONENT) == 1)
		return true;
	for (small = 3; small < 2000; small += 2)
		if (BN_mod_word(p, small) == 0)
			return true;
	return false;
}

/*
 * Fermat's test: base^p = base mod p. Nearly all random numbers of this size that pass it for 2 and 3
 * are primes. BN_check_prime would be surer, but takes a tenth of a second for each key.
 */
static bool
rsa_passes(const BIGNUM *p, BN_ULONG base, BN_MONT_CTX *mont, BN_CTX *ctx)
{
	BIGNUM *b = BN_new(), *power = BN_new();
	bool passes;

	rsa_check(b != NULL && power != NULL && BN_set_word(b, base));
	rsa_check(BN_mod_exp_mont_consttime(power, b, p, p, ctx, mont));
	passes = BN_cmp(power, b) == 0;
	BN_free(b);
	BN_free(power);
	return passes;
}

static bool
rsa_is_prime(const BIGNUM *p, BN_MONT_CTX *mont, BN_CTX *ctx)
{
	if (rsa_factor_is_small(p))
		return false;
	rsa_check(BN_MONT_CTX_set(mont, p, ctx));
	return rsa_passes(p, 2, mont, ctx) && rsa_passes(p, 3, mont, ctx);
}

BIGNUM *
rsa_prime(struct rand *r, unsigned from)
{
	unsigned char raw[RSA_HALF];
	BN_CTX *ctx = BN_CTX_new();
	BN_MONT_CTX *mont = BN_MONT_CTX_new();
	BIGNUM *p = BN_new();

	rsa_check(ctx != NULL && mont != NULL && p != NULL);
	rand_fill(r, raw, sizeof(raw));
	raw[0] |= 0xc0;
	raw[RSA_HALF - 1] |= 1;
	rsa_check(BN_bin2bn(raw, sizeof(raw), p) != NULL && BN_add_word(p, from));
	while (!rsa_is_prime(p, mont, ctx))
		rsa_check(BN_add_word(p, 2));
	BN_MONT_CTX_free(mont);
	BN_CTX_free(ctx);
	return p;
}

/* Makes d mod (prime - 1), where d is the inverse of the exponent. */
static BIGNUM *
rsa_exponent(const BIGNUM *prime, BN_CTX *ctx)
{
	BIGNUM *less = BN_dup(prime), *e = BN_new(), *d;

	rsa_check(less != NULL && e != NULL);
	rsa_check(BN_sub_word(less, 1) && BN_set_word(e, RSA_EXPONENT));
	d = BN_mod_inverse(NULL, e, less, ctx);
	rsa_check(d != NULL);
	BN_free(less);
	BN_free(e);
	return d;
}

void
rsa_init(struct rsa *k, const BIGNUM *p, const BIGNUM *q)
{
	BN_CTX *ctx = BN_CTX_new();

	rsa_check(ctx != NULL);
	k->p = BN_dup(p);
	k->q = BN_dup(q);
	k->n = BN_new();
	k->montp = BN_MONT_CTX_new();
	k->montq = BN_MONT_CTX_new();
	rsa_check(k->p != NULL && k->q != NULL && k->n != NULL);
	rsa_check(k->montp != NULL && k->montq != NULL);
	rsa_check(BN_mul(k->n, p, q, ctx));
	k->dp = rsa_exponent(p, ctx);
	k->dq = rsa_exponent(q, ctx);
	k->qinv = BN_mod_inverse(NULL, q, p, ctx);
	rsa_check(k->qinv != NULL);
	rsa_check(BN_MONT_CTX_set(k->montp, p, ctx) && BN_MONT_CTX_set(k->montq, q, ctx));
	BN_CTX_free(ctx);
}

/* EMSA-PKCS1-v1_5 (section 9.2): 00 01 ff.. 00 DigestInfo(sha256, digest). */
static void
rsa_encode(const unsigned char digest[32], unsigned char block[256])
{
	static const unsigned char prefix[19] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86,
		0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 };

	memset(block, 0xff, 256);
	block[0] = 0;
	block[1] = 1;
	block[256 - 52] = 0;
	memcpy(block + 256 - 51, prefix, sizeof(prefix));
	memcpy(block + 256 - 32, digest, 32);
}

void
rsa_sign(const struct rsa *k, const unsigned char digest[32], struct bytes *out)
{
	unsigned char block[256];
	BN_CTX *ctx = BN_CTX_new();
	BIGNUM *m, *a, *b;

	rsa_check(ctx != NULL);
	BN_CTX_start(ctx);
	m = BN_CTX_get(ctx);
	a = BN_CTX_get(ctx);
	b = BN_CTX_get(ctx);
	rsa_encode(digest, block);
	rsa_check(b != NULL && BN_bin2bn(block, sizeof(block), m) != NULL);
	/* RSASP1 for each prime. For both at once is faster where the processor has AVX-512. */
	rsa_check(BN_nnmod(a, m, k->p, ctx) && BN_nnmod(b, m, k->q, ctx));
	rsa_check(BN_mod_exp_mont_consttime_x2(a, a, k->dp, k->p, k->montp, b, b, k->dq, k->q, k->montq,
	    ctx));
	rsa_check(BN_sub(a, a, b) && BN_nnmod(a, a, k->p, ctx));
	rsa_check(BN_mod_mul(a, a, k->qinv, k->p, ctx));
	rsa_check(BN_mul(a, a, k->q, ctx) && BN_add(a, a, b));
	rsa_check(BN_bn2binpad(a, block, sizeof(block)) == sizeof(block));
	bytes_put(out, block, sizeof(block));
	BN_CTX_end(ctx);
	BN_CTX_free(ctx);
}
