/*
 * The certification authorities that all logs of a seed have: two roots, five
 * intermediates, one of which is reached through a cross certificate, and two
 * precertificate signing CAs (RFC 6962 section 3.1). They are made once and then only
 * read, so threads may share them.
 */
#ifndef LOG_PKI_H
#define LOG_PKI_H

#include "tests/log/bytes.h"
#include "tests/log/key.h"

#define PKI_PRIMES       5	/* RSA moduli are products of two of these: quick to make, and not secure */
#define PKI_AUTHORITIES  9
#define PKI_CERTIFICATES 10
#define PKI_ISSUERS      5
#define PKI_CHAIN        4	/* most certificates of a chain */

struct authority {
	const char *slug;	/* its host name below .example */
	struct key key;
	struct bytes name;	/* DER Name */
};

/* The certificates above an entry, the direct issuer first. */
struct chain {
	size_t count;
	const struct bytes *cert[PKI_CHAIN];	/* DER; borrowed from struct pki */
	struct bytes wire;	/* as in extra_data: ASN.1Cert certificate_chain<0..2^24-1> */
	struct bytes prints;	/* as in a data tile: Fingerprint certificate_chain<0..2^16-1> */
};

struct pki_certificate {
	struct bytes der;
	struct chain chain;
};

struct issuer {			/* a CA that issues leaves */
	const struct authority *ca;
	const struct chain *chain;		/* above its leaves */
	const struct authority *precert;	/* its precertificate signing CA, or NULL */
	const struct chain *precert_chain;	/* above precertificates of that CA */
};

struct pki {
	const char *seed;	/* borrowed */
	BIGNUM *prime[PKI_PRIMES];
	const EC_GROUP *group;	/* P-256 */
	struct key list_key;	/* RSA: signs the log list */
	struct authority authority[PKI_AUTHORITIES];
	struct pki_certificate certificate[PKI_CERTIFICATES];
	struct chain full[PKI_CERTIFICATES];	/* a certificate and its chain */
	struct issuer issuer[PKI_ISSUERS];
};

/* Makes all of it, in a few tenths of a second. seed is not copied. */
void pki_init(struct pki *pki, const char *seed);
/* Makes only list_key, which is enough where no certificate is needed. */
void pki_init_list_key(struct pki *pki, const char *seed);
/* Returns 1 when certificate i is a root, as get-roots lists them, or 0. */
int pki_is_root(int i);

#endif
