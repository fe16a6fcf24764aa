/*
 * Walks certificates. In: the DER of a certificate or a TBSCertificate, which is not
 * trusted. Out: where each field lies. Standard: RFC 5280 4.1.
 */
#include "x509/cert.h"

#include "enc/ber.h"
#include "enc/date.h"

static void
cert_wrong(struct cert *c, const char *why)
{
	if (c->why == NULL)
		c->why = why;
}

/* A walk over the fields of a TBSCertificate, which come in a fixed order. */
struct cert_walk {
	struct cert *cert;
	struct der d;
	unsigned wanted;	/* fields left, from serialNumber to subjectPublicKeyInfo */
};

/* Returns how many elements with universal tags d still has in front of the optional fields. */
static unsigned
cert_count(struct der d)
{
	struct der_item it;
	unsigned n = 0;
	bool odd = false;

	while (ber_next(&d, &it, &odd) && (it.tag & 0xc0) == 0)
		n++;
	return n;
}

/*
 * Looks for the next field when the next element has another tag or is cut off. If
 * there are more elements left than fields, the element is a surplus one and is
 * passed over. If there are as many, it stands in place of the field, is taken, and
 * *it is set. If there are fewer, the field is missing, nothing is taken, and *it
 * becomes empty. Returns true when an element with this tag was found after all;
 * else false. why is noted in every case but a field that is only cut off.
 */
static bool
cert_field_odd(struct cert_walk *w, uint8_t tag, struct der_item *it, const char *why)
{
	bool odd = false;
	struct der before;

	for (unsigned there = cert_count(w->d);; there--) {
		before = w->d;
		if (there > 0 && ber_next(&w->d, it, &odd) && it->tag == tag) {
			if (odd)
				cert_wrong(w->cert, "RFC 5280 4.1: TBSCertificate cannot be read to its end");
			return true;
		}
		cert_wrong(w->cert, why);
		if (there == w->wanted)
			return false;
		if (there < w->wanted)
			break;
	}
	memset(it, 0, sizeof(*it));
	w->d = before;
	return false;
}

/* Takes the next field, which should have this tag. Returns whether it does; *body is its contents. */
static inline bool
cert_field(struct cert_walk *w, uint8_t tag, struct span *body, const char *why)
{
	struct der_item it;
	bool ok = der_take(&w->d, tag, body);

	if (!ok) {
		ok = cert_field_odd(w, tag, &it, why);
		*body = it.body;
	}
	w->wanted--;
	return ok;
}

/*
 * Takes the next field, which should be a SEQUENCE. Returns the whole element, also when its tag
 * lacks the bit that says constructed, or an empty span.
 */
static struct span
cert_sequence(struct cert_walk *w, const char *why)
{
	const uint8_t *from = w->d.p;
	struct der_item it;
	bool ok = der_take(&w->d, DER_SEQUENCE, &it.body);

	if (ok)
		it.whole = span_of(from, (size_t)(w->d.p - from));
	else
		ok = cert_field_odd(w, DER_SEQUENCE, &it, why) || ber_is_list(&it, DER_SEQUENCE);
	w->wanted--;
	return ok ? it.whole : span_of(NULL, 0);
}

static void
cert_serial(struct cert_walk *w)
{
	static const char why[] = "RFC 5280 4.1.2.2: serialNumber is not an INTEGER";
	struct span serial;

	if (!cert_field(w, DER_INTEGER, &serial, why))
		return;
	w->cert->serial = serial;
	if (serial.n == 0)
		cert_wrong(w->cert, why);
}

static void
cert_signature(struct cert_walk *w)
{
	struct span body, oid;
	struct der d;

	if (!cert_field(w, DER_SEQUENCE, &body, "RFC 5280 4.1.2.3: signature is not a SEQUENCE"))
		return;
	w->cert->signature = body;
	d = der_of(body);
	if (!der_take(&d, DER_OID, &oid) || !der_is_oid(oid))
		cert_wrong(w->cert, "RFC 5280 4.1.1.2: the algorithm of signature is not an OID");
}

/* Reads the two times, also when the element around them is not a SEQUENCE. */
static void
cert_validity(struct cert_walk *w)
{
	struct cert *c = w->cert;
	struct der_item from, to;
	struct span body;
	struct der v;

	cert_field(w, DER_SEQUENCE, &body, "RFC 5280 4.1.2.5: validity is not a SEQUENCE");
	v = der_of(body);
	if (der_next(&v, &from)) {
		c->has_not_before = date_parse_asn1(from.tag, from.body, &c->not_before);
		if (der_next(&v, &to))
			c->has_not_after = date_parse_asn1(to.tag, to.body, &c->not_after);
	}
	if (!c->has_not_before)
		cert_wrong(c, "RFC 5280 4.1.2.5: notBefore is not a valid time");
	if (!c->has_not_after)
		cert_wrong(c, "RFC 5280 4.1.2.5: notAfter is not a valid time");
	if (!der_done(&v))
		cert_wrong(c, "RFC 5280 4.1.2.5: validity does not consist of two times");
}

/*
 * Reads body, the contents of [3], which should be one SEQUENCE. If they are not, or there is more
 * than one [3], c->extensions becomes all the bytes in which extensions can be.
 */
static void
cert_extensions(struct cert *c, struct span body)
{
	struct der d = der_of(body);
	struct span extensions, before = c->extensions;

	if (!der_take(&d, DER_SEQUENCE, &extensions) || !der_done(&d)) {
		cert_wrong(c, "RFC 5280 4.1.2.9: the extensions field is not a single SEQUENCE");
		extensions = body;
	}
	if (before.p != NULL) {
		cert_wrong(c, "RFC 5280 4.1.2.9: there is more than one extensions field");
		extensions = span_of(before.p, (size_t)(extensions.p - before.p) + extensions.n);
	}
	c->extensions = extensions;
}

/* Reads the optional fields: issuerUniqueID [1], subjectUniqueID [2] and extensions [3]. */
static void
cert_optional(struct cert *c, struct der *d)
{
	struct der_item it;
	bool odd = false;
	unsigned tag;

	while (ber_next(d, &it, &odd)) {
		tag = it.tag | DER_CONSTRUCTED;
		if (it.tag == (DER_CONTEXT_CONSTRUCTED | 3))
			cert_extensions(c, it.body);
		else if (tag != (DER_CONTEXT_CONSTRUCTED | 1) && tag != (DER_CONTEXT_CONSTRUCTED | 2))
			cert_wrong(c, "RFC 5280 4.1: TBSCertificate holds an unknown element");
	}
	if (odd)
		cert_wrong(c, "RFC 5280 4.1: TBSCertificate cannot be read to its end");
}

static void
cert_fields(struct cert *c, struct span tbs_body)
{
	struct cert_walk w = { c, der_of(tbs_body), 6 };
	struct span version;

	der_take(&w.d, DER_CONTEXT_CONSTRUCTED | 0, &version);	/* absent in v1 */
	cert_serial(&w);
	cert_signature(&w);
	c->issuer = cert_sequence(&w, "RFC 5280 4.1.2.4: issuer is not a SEQUENCE");
	cert_validity(&w);
	c->subject = cert_sequence(&w, "RFC 5280 4.1.2.6: subject is not a SEQUENCE");
	c->public_key = cert_sequence(&w,
	    "RFC 5280 4.1.2.7: subjectPublicKeyInfo is not a SEQUENCE");
	cert_optional(c, &w.d);
}

/*
 * Opens an element that should be a SEQUENCE but has another tag or is cut off. Returns
 * true with *body set when it is constructed, so that elements can be read in it.
 */
static bool
cert_open_odd(struct cert *c, struct der *d, struct span *body, const char *no_sequence,
    const char *cut_off)
{
	struct der_item it;
	bool odd = false;

	if (!ber_next(d, &it, &odd)) {
		cert_wrong(c, no_sequence);
		return false;
	}
	if (it.tag != DER_SEQUENCE)
		cert_wrong(c, no_sequence);
	else if (odd)
		cert_wrong(c, cut_off);
	*body = it.body;
	return it.tag & DER_CONSTRUCTED;
}

static void
cert_tbs(struct cert *c, struct der *d)
{
	struct span body;

	if (der_take(d, DER_SEQUENCE, &body) ||
	    cert_open_odd(c, d, &body, "RFC 5280 4.1: TBSCertificate is not a SEQUENCE",
	    "RFC 5280 4.1: TBSCertificate is cut off"))
		cert_fields(c, body);
}

void
cert_parse_tbs(struct cert *c, struct span tbs)
{
	struct der d = der_of(tbs);

	memset(c, 0, sizeof(*c));
	cert_tbs(c, &d);
	if (!der_done(&d))
		cert_wrong(c, "RFC 5280 4.1: there are bytes behind the TBSCertificate");
}

/* Checks signatureAlgorithm and signatureValue, which end the certificate. */
static void
cert_end(struct cert *c, struct der *d)
{
	struct span ignored;

	if (!der_take(d, DER_SEQUENCE, &ignored))
		cert_wrong(c, "RFC 5280 4.1.1.2: signatureAlgorithm is not a SEQUENCE");
	else if (!der_take(d, DER_BIT_STRING, &ignored) &&
	    !der_take(d, DER_BIT_STRING | DER_CONSTRUCTED, &ignored))
		cert_wrong(c, "RFC 5280 4.1.1.3: signatureValue is not a BIT STRING");
	else if (!der_done(d))
		cert_wrong(c, "RFC 5280 4.1.1: the certificate has bytes behind its signatureValue");
}

void
cert_parse(struct cert *c, struct span der)
{
	struct der d = der_of(der), inner;
	struct span body;

	memset(c, 0, sizeof(*c));
	if (!der_take(&d, DER_SEQUENCE, &body) &&
	    !cert_open_odd(c, &d, &body, "RFC 5280 4.1: the certificate is not a SEQUENCE",
	    "RFC 5280 4.1: the certificate is cut off"))
		return;
	inner = der_of(body);
	cert_tbs(c, &inner);
	cert_end(c, &inner);
	if (!der_done(&d))
		cert_wrong(c, "RFC 5280 4.1: there are bytes behind the certificate");
}

/* Returns true when s is empty or consists of the one element NULL. */
static bool
cert_is_null_or_absent(struct span s)
{
	return s.n == 0 || span_eq(s, SPAN("\x05\x00"));
}

/* Returns the bits of the SHA-2 hash in an AlgorithmIdentifier: 256, 384, 512, or 0 for others. */
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

/* RSASSA-PSS (RFC 4055 3.1) has a text only if hash, hash of MGF1 and salt length agree. */
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

/* arc is the last one of an OID under pkcs-1, 1.2.840.113549.1.1. */
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
