/*
 * Signing keys from the seed: P-256 and RSA-2048, with signatures that are the
 * same each time (RFC 6979; RSASSA-PKCS1-v1_5), always over SHA-256. A key is
 * read-only once made, so threads may share it.
 */
#ifndef LOG_KEY_H
#define LOG_KEY_H

#include <openssl/bn.h>
#include <openssl/ec.h>

#include "tests/log/bytes.h"
#include "tests/log/der.h"
#include "tests/log/rand.h"

enum key_type { KEY_EC, KEY_RSA };

struct ec {		/* a point on P-256 and its secret */
	EC_GROUP *group;
	BIGNUM *secret;
	unsigned char point[65];	/* uncompressed (SEC 1 section 2.3.3) */
};

struct rsa {		/* RFC 8017 section 3.2, the second form */
	BIGNUM *n, *p, *q, *dp, *dq, *qinv;
	BN_MONT_CTX *montp, *montq;
};

struct key {
	enum key_type type;
	struct ec ec;			/* by type, one of these two */
	struct rsa rsa;
	struct bytes spki;		/* DER SubjectPublicKeyInfo */
	unsigned char id[32];		/* SHA-256 of spki: a log's ID, an issuer's key hash */
	unsigned char ski[20];		/* RFC 5280 section 4.2.1.2 (1) */
};

/* Keys live as long as the process; only struct key itself is the caller's. */
void key_init_ec(struct key *, struct rand *);
void key_init_rsa(struct key *, const BIGNUM *p, const BIGNUM *q);

/* Appends the signature: DER (r, s), or 256 bytes. */
void key_sign(const struct key *, const void *message, size_t len, struct bytes *out);
/* Appends a TLS DigitallySigned (RFC 5246 section 4.7). */
void key_sign_tls(const struct key *, const void *message, size_t len, struct bytes *out);
/* Appends the AlgorithmIdentifier of key_sign's signatures. */
void key_put_algorithm(const struct key *, struct der *);
/* Appends SIGNED{tbs} (RFC 5280 section 4.1): a certificate. */
void key_put_signed(const struct key *, const struct bytes *tbs, struct bytes *out);
void key_put_pem(const struct key *, struct bytes *out);

/* Appends only the SubjectPublicKeyInfo of a fresh P-256 key, or of n = p * q. */
void key_put_ec_spki(const EC_GROUP *, struct rand *, struct bytes *out);
void key_put_rsa_spki(const BIGNUM *p, const BIGNUM *q, struct bytes *out);

/* ec.c and rsa.c */
void ec_init(struct ec *, struct rand *);
void ec_sign(const struct ec *, const unsigned char digest[32], struct bytes *out);
/* Draws a secret and writes its public point. The caller frees the secret. */
BIGNUM *ec_draw(const EC_GROUP *, struct rand *, unsigned char point[65]);
void rsa_init(struct rsa *, const BIGNUM *p, const BIGNUM *q);
void rsa_sign(const struct rsa *, const unsigned char digest[32], struct bytes *out);
/* A 1024-bit prime with both top bits set, fit for the exponent 65537. */
BIGNUM *rsa_prime(struct rand *);

#endif
