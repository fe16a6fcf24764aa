/*
 * Finds the fields of a certificate, or of the TBSCertificate that a precertificate
 * entry holds (RFC 5280 4.1). Malformed certificates are read as far as possible: a
 * field that cannot be read stays empty, the first error is kept as a reason, and
 * the other fields are still read. A constructed element whose length goes beyond the
 * element around it is cut off at the end of that one.
 */
#ifndef X509_CERT_H
#define X509_CERT_H

#include "base/buf.h"

struct cert {
	/* A span is empty when the certificate lacks the field or it cannot be read. */
	struct span serial;		/* contents of the INTEGER */
	struct span signature;		/* contents of the AlgorithmIdentifier inside the TBS */
	struct span issuer, subject;	/* Names: whole elements */
	struct span public_key;		/* SubjectPublicKeyInfo: whole element */
	struct span extensions;		/* contents of the SEQUENCE OF Extension; see ext_next */
	int64_t not_before, not_after;	/* seconds since 1970 */
	bool has_not_before, has_not_after;	/* whether these times could be read */
	const char *why;		/* NULL, or a static reason: the first error */
};

/*
 * Reads der, a Certificate, and sets all members of *c, whatever der holds. The
 * spans point into der. c->why is NULL when all of der could be read.
 */
void cert_parse(struct cert *c, struct span der);

/* Does what cert_parse does for tbs, a TBSCertificate without a signature around it. */
void cert_parse_tbs(struct cert *c, struct span tbs);

/*
 * Returns the text by which certstream-server-go shows the signature algorithm in
 * signature, the contents of an AlgorithmIdentifier: a static string such as
 * "sha256, rsa", or "unknown" when that server has no text for it.
 */
const char *cert_signature_text(struct span signature);

/*
 * Appends to b the text by which CaliDog's server shows the signature algorithm in
 * signature, the contents of an AlgorithmIdentifier: its hash and its key, such as
 * "sha, ecdsa". Algorithms that are newer than that server get a text of the same
 * form. When the algorithm has no text here, its OID in dotted form is appended, and
 * "unknown" when signature does not begin with an OID.
 */
void cert_put_signature_calidog(struct buf *b, struct span signature);

#endif
