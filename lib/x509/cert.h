/*
 * A certificate, or the TBSCertificate of a precertificate entry, as spans
 * (RFC 5280 4.1). The walk is tolerant: what cannot be read stays empty, the
 * first thing wrong is named, and the rest is still read. What is longer than
 * what it stands in ends with that.
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

/* der: the bytes of a Certificate. */
void cert_parse(struct cert *, struct span der);

/* tbs: the bytes of a TBSCertificate alone. */
void cert_parse_tbs(struct cert *, struct span tbs);

/*
 * The text certstream-server-go has for the signature algorithm, such as
 * "sha256, rsa"; "unknown" for what it has none for. A static string.
 */
const char *cert_signature_text(struct span signature);

/*
 * Appends what CaliDog's server has for it, "sha256, rsa" and "sha, ecdsa";
 * in the same manner what it has nothing for, and the OID of what nobody knows.
 */
void cert_put_signature_calidog(struct buf *, struct span signature);

#endif
