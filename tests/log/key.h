/*
 * Keys that are made from the seed, of P-256 or RSA-2048. The same key makes the same
 * signature of the same message each time (RFC 6979, RSASSA-PKCS1-v1_5), always over
 * SHA-256. A key that has been made is only read, so threads may share it.
 */
#ifndef LOG_KEY_H
#define LOG_KEY_H

#include <openssl/bn.h>
#include <openssl/ec.h>

#include "tests/log/bytes.h"
#include "tests/log/der.h"
#include "tests/log/rand.h"

enum key_type { KEY_EC, KEY_RSA };

struct ec {		/* a secret, and its public point on P-256 */
	EC_GROUP *group;
	BIGNUM *secret;
	unsigned char point[65];	/* uncompressed (SEC 1 section 2.3.3) */
};

struct rsa {		/* the private key of RFC 8017 section 3.2, in its second form */
	BIGNUM *n, *p, *q, *dp, *dq, *qinv;
	BN_MONT_CTX *montp, *montq;
};

struct key {
	enum key_type type;
	struct ec ec;			/* type says which of these two is set */
	struct rsa rsa;
	struct bytes spki;		/* DER SubjectPublicKeyInfo */
	unsigned char id[32];		/* SHA-256 of spki, which is a log's ID or an issuer's key hash */
	unsigned char ski[20];		/* subject key identifier, RFC 5280 section 4.2.1.2 (1) */
};

/*
 * Make *k a key: of numbers from the stream r, or of the primes p and q. What it points to lives as long as
 * the process.
 */
void key_init_ec(struct key *k, struct rand *r);
void key_init_rsa(struct key *k, const BIGNUM *p, const BIGNUM *q);

/* Appends to out the signature by k of the len bytes at message: r and s in DER, or the 256 bytes of RSA. */
void key_sign(const struct key *k, const void *message, size_t len, struct bytes *out);
/* Appends that signature to out as a DigitallySigned of TLS (RFC 5246 section 4.7). */
void key_sign_tls(const struct key *k, const void *message, size_t len, struct bytes *out);
/* Appends to d the AlgorithmIdentifier of the signatures that key_sign makes. */
void key_put_algorithm(const struct key *k, struct der *d);
/* Appends to out SIGNED{tbs} (RFC 5280 section 4.1), which is a certificate. */
void key_put_signed(const struct key *k, const struct bytes *tbs, struct bytes *out);
/* Appends the public key to out as PEM. */
void key_put_pem(const struct key *k, struct bytes *out);

/* Append to out the SubjectPublicKeyInfo of a P-256 key drawn from r, or of an RSA key with n = p * q. */
void key_put_ec_spki(const EC_GROUP *group, struct rand *r, struct bytes *out);
void key_put_rsa_spki(const BIGNUM *p, const BIGNUM *q, struct bytes *out);

/*
 * The two kinds, in ec.c and rsa.c. ec_init draws a key from r; rsa_init makes one of its primes p and q.
 * ec_sign and rsa_sign append to out the signature of a SHA-256 digest.
 */
void ec_init(struct ec *e, struct rand *r);
void ec_sign(const struct ec *e, const unsigned char digest[32], struct bytes *out);
/* Draws a secret from r and writes its public point on group. Returns the secret, which the caller frees. */
BIGNUM *ec_draw(const EC_GROUP *group, struct rand *r, unsigned char point[65]);
void rsa_init(struct rsa *k, const BIGNUM *p, const BIGNUM *q);
void rsa_sign(const struct rsa *k, const unsigned char digest[32], struct bytes *out);
/*
 * Returns a prime drawn from r, of 1024 bits with both top bits set, that suits the exponent 65537: the first one
 * that is at least from above what r gives. from is even, 0 when nothing is known of the numbers before.
 */
BIGNUM *rsa_prime(struct rand *r, unsigned from);

#endif
