/*
 * Finds the fields of a certificate, or of the TBSCertificate of a precertificate
 * entry (RFC 5280 4.1). The walk is tolerant: a field that cannot be read stays
 * empty, the first thing wrong is named, and the rest is still read. An element
 * that is longer than the one around it ends where that ends.
 */
#ifndef X509_CERT_H
#define X509_CERT_H

#include "base/buf.h"

struct cert {
	struct span serial;		/* contents of the INTEGER; n 0 if there is no number */
	struct span signature;		/* contents of the inner AlgorithmIdentifier */
	struct span issuer, subject;	/* the whole Name elements */
	struct span public_key;		/* the whole SubjectPublicKeyInfo */
	struct span extensions;		/* contents of the SEQUENCE OF Extension; n 0 if absent */
	int64_t not_before, not_after;	/* seconds since 1970, if has_... */
	bool has_not_before, has_not_after;
	const char *why;		/* NULL, or the first thing that could not be read */
};

/* Reads a Certificate into *c. All spans point into der. */
void cert_parse(struct cert *c, struct span der);

/* Reads a TBSCertificate that stands alone, as cert_parse reads a Certificate. */
void cert_parse_tbs(struct cert *c, struct span tbs);

/*
 * Returns the text that certstream-server-go has for a signature algorithm, such
 * as "sha256, rsa", or "unknown"; a static string. signature is the contents of the
 * AlgorithmIdentifier.
 */
const char *cert_signature_text(struct span signature);

/*
 * Appends the text that CaliDog's server has for a signature algorithm, such as
 * "sha, ecdsa"; for an algorithm that it does not know, a text of that kind; for
 * one that is not known here either, the OID; and "unknown" when there is no OID.
 */
void cert_put_signature_calidog(struct buf *, struct span signature);

#endif
