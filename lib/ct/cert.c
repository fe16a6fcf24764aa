/*
 * Walks certificates. In: DER bytes. Out: where each field lies. RFC 5280 4.1.
 * Called for every entry, and for every chain certificate not yet rendered.
 */
#include "ct/cert.h"

#include "enc/der.h"

static void
cert_wrong(struct cert *c, const char *why)
{
	if (c->why == NULL)
		c->why = why;
}

/* The next whole element if it is a SEQUENCE, else nothing. */
static struct span
cert_sequence(struct cert *c, struct der *d, const char *why)
{
	struct der_item it;

	if (der_peek(d) == DER_SEQUENCE && der_next(d, &it))
		return it.whole;
	cert_wrong(c, why);
	return (struct span){ NULL, 0 };
}

static void
cert_validity(struct cert *c, struct der *d)
{
	struct der_item from, to;
	struct span body;
	struct der v;

	if (!der_take(d, DER_SEQUENCE, &body)) {
		cert_wrong(c, "RFC 5280 4.1.2.5: validity is no SEQUENCE");
		return;
	}
	v = der_of(body);
	if (der_next(&v, &from)) {
		c->has_not_before = der_time(from.tag, from.body, &c->not_before);
		if (der_next(&v, &to))
			c->has_not_after = der_time(to.tag, to.body, &c->not_after);
	}
	if (!c->has_not_before)
		cert_wrong(c, "RFC 5280 4.1.2.5: notBefore is no time");
	if (!c->has_not_after)
		cert_wrong(c, "RFC 5280 4.1.2.5: notAfter is no time");
}

/* issuerUniqueID, subjectUniqueID, then extensions: [1], [2], [3]. */
static void
cert_optional(struct cert *c, struct der *d)
{
	struct der_item it;
	struct der inner;

	while (der_next(d, &it)) {
		if (it.tag != (DER_CONTEXT_CONSTRUCTED | 3))
			continue;
		inner = der_of(it.body);
		if (!der_take(&inner, DER_SEQUENCE, &c->extensions))
			cert_wrong(c, "RFC 5280 4.1.2.9: extensions are no SEQUENCE");
	}
	if (!der_done(d))
		cert_wrong(c, "RFC 5280 4.1: TBSCertificate cannot be read to its end");
}

static void
cert_fields(struct cert *c, struct span tbs_body)
{
	struct der d = der_of(tbs_body), inner;
	struct span body;

	der_take(&d, DER_CONTEXT_CONSTRUCTED | 0, &body);	/* version, absent in v1 */
	if (!der_take(&d, DER_INTEGER, &c->serial))
		cert_wrong(c, "RFC 5280 4.1.2.2: serialNumber is no INTEGER");
	inner = der_of(cert_sequence(c, &d, "RFC 5280 4.1.2.3: signature is no SEQUENCE"));
	der_take(&inner, DER_SEQUENCE, &c->signature);
	c->issuer = cert_sequence(c, &d, "RFC 5280 4.1.2.4: issuer is no SEQUENCE");
	cert_validity(c, &d);
	c->subject = cert_sequence(c, &d, "RFC 5280 4.1.2.6: subject is no SEQUENCE");
	c->public_key = cert_sequence(c, &d,
	    "RFC 5280 4.1.2.7: subjectPublicKeyInfo is no SEQUENCE");
	cert_optional(c, &d);
}

void
cert_parse_tbs(struct cert *c, struct span tbs)
{
	struct der d = der_of(tbs);
	struct span body;

	memset(c, 0, sizeof(*c));
	if (der_take(&d, DER_SEQUENCE, &body))
		cert_fields(c, body);
	else
		cert_wrong(c, "RFC 5280 4.1: TBSCertificate is no SEQUENCE");
}

void
cert_parse(struct cert *c, struct span der)
{
	struct der d = der_of(der);
	struct der_item tbs;
	struct span body;

	memset(c, 0, sizeof(*c));
	if (!der_take(&d, DER_SEQUENCE, &body)) {
		cert_wrong(c, "RFC 5280 4.1: the certificate is no SEQUENCE");
		return;
	}
	d = der_of(body);
	if (!der_next(&d, &tbs))
		cert_wrong(c, "RFC 5280 4.1: TBSCertificate is cut off");
	else
		cert_parse_tbs(c, tbs.whole);
}

/* What der holds is absent or the one element NULL. */
static bool
cert_is_null_or_absent(struct span s)
{
	return s.n == 0 || span_eq(s, SPAN("\x05\x00"));
}

/* The hash named by an AlgorithmIdentifier element: 256, 384, 512, or 0. */
static unsigned
cert_hash_bits(struct span whole)
{
	struct der d = der_of(whole);
	struct span body, oid;

	if (!der_take(&d, DER_SEQUENCE, &body))
		return 0;
	d = der_of(body);
	if (!der_take(&d, DER_OID, &oid) || oid.n != 9 ||
	    memcmp(oid.p, "\x60\x86\x48\x01\x65\x03\x04\x02", 8) != 0 ||
	    !cert_is_null_or_absent(span_of(d.p, (size_t)(d.end - d.p))))
		return 0;
	return oid.p[8] == 1 ? 256 : oid.p[8] == 2 ? 384 : oid.p[8] == 3 ? 512 : 0;
}

/* RFC 4055 3.1, told only where hash, MGF1 hash and salt length agree. */
static const char *
cert_pss_text(struct span params)
{
	struct der d = der_of(params), inner;
	struct span body, hash, mgf, salt, trailer, oid;
	unsigned bits;

	if (!der_take(&d, DER_SEQUENCE, &body))
		return "unknown";
	d = der_of(body);
	if (!der_take(&d, DER_CONTEXT_CONSTRUCTED | 0, &hash) ||
	    !der_take(&d, DER_CONTEXT_CONSTRUCTED | 1, &mgf) ||
	    !der_take(&d, DER_CONTEXT_CONSTRUCTED | 2, &salt))
		return "unknown";
	if (der_take(&d, DER_CONTEXT_CONSTRUCTED | 3, &trailer) &&
	    !span_eq(trailer, SPAN("\x02\x01\x01")))
		return "unknown";
	bits = cert_hash_bits(hash);
	inner = der_of(mgf);
	if (bits == 0 || !der_take(&inner, DER_SEQUENCE, &body))
		return "unknown";
	inner = der_of(body);
	if (!der_take(&inner, DER_OID, &oid) ||
	    !span_eq(oid, SPAN("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08")) ||
	    cert_hash_bits(span_of(inner.p, (size_t)(inner.end - inner.p))) != bits ||
	    salt.n != 3 || salt.p[0] != DER_INTEGER || salt.p[1] != 1 || salt.p[2] != bits / 8)
		return "unknown";
	return bits == 256 ? "sha256, rsa-pss" : bits == 384 ? "sha384, rsa-pss" :
	    "sha512, rsa-pss";
}

/* pkcs-1: the last arc of 1.2.840.113549.1.1 */
static const char *
cert_rsa_text(uint8_t arc, struct span params)
{
	switch (arc) {
	case 2:
		return "md2, rsa";
	case 4:
		return "md5, rsa";
	case 5:
		return "sha1, rsa";
	case 10:
		return cert_pss_text(params);
	case 11:
		return "sha256, rsa";
	case 12:
		return "sha384, rsa";
	case 13:
		return "sha512, rsa";
	}
	return "unknown";
}

const char *
cert_signature_text(struct span signature)
{
	static const struct {
		struct span oid;
		const char *text;
	} known[] = {
		{ { (const uint8_t *)"\x2a\x86\x48\xce\x3d\x04\x03\x02", 8 }, "ecdsa, sha256" },
		{ { (const uint8_t *)"\x2a\x86\x48\xce\x3d\x04\x03\x03", 8 }, "ecdsa, sha384" },
		{ { (const uint8_t *)"\x2a\x86\x48\xce\x3d\x04\x03\x04", 8 }, "ecdsa, sha512" },
		{ { (const uint8_t *)"\x2a\x86\x48\xce\x3d\x04\x01", 7 }, "ecdsa, sha1" },
		{ { (const uint8_t *)"\x2b\x0e\x03\x02\x1d", 5 }, "sha1, rsa" },
		{ { (const uint8_t *)"\x2a\x86\x48\xce\x38\x04\x03", 7 }, "dsa, sha1" },
		{ { (const uint8_t *)"\x60\x86\x48\x01\x65\x03\x04\x03\x02", 9 }, "dsa, sha256" },
	};
	struct der d = der_of(signature);
	struct span oid, params;

	if (!der_take(&d, DER_OID, &oid))
		return "unknown";
	params = span_of(d.p, (size_t)(d.end - d.p));
	if (oid.n == 9 && memcmp(oid.p, "\x2a\x86\x48\x86\xf7\x0d\x01\x01", 8) == 0)
		return cert_rsa_text(oid.p[8], params);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (span_eq(oid, known[i].oid))
			return known[i].text;
	if (span_eq(oid, SPAN("\x2b\x65\x70")) && params.n == 0)
		return "ed25519";
	return "unknown";
}
