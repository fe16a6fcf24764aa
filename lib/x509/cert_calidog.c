/*
 * Names signature algorithms for format calidog. In: an AlgorithmIdentifier's
 * contents. Out: "<hash>, <key>". Standards: RFC 4055, RFC 5758, RFC 8410,
 * FIPS 186-5, FIPS 204, FIPS 205.
 */
#include "x509/cert.h"

#include "enc/der.h"
#include "enc/text.h"

/* Names RSASSA-PSS by the hash in its params (RFC 4055 3.1); the default is SHA-1. */
static const char *
cert_pss_calidog(struct span params)
{
	static const char *const text[] = { [1] = "sha256, rsa_pss", "sha384, rsa_pss",
		"sha512, rsa_pss", "sha224, rsa_pss" };
	struct der d = der_of(params);
	struct span body, oid;

	if (!der_take(&d, DER_SEQUENCE, &body))
		return "sha, rsa_pss";
	d = der_of(body);
	if (!der_take(&d, DER_CONTEXT_CONSTRUCTED | 0, &body))
		return "sha, rsa_pss";
	d = der_of(body);
	if (!der_take(&d, DER_SEQUENCE, &body))
		return NULL;
	d = der_of(body);
	if (!der_take(&d, DER_OID, &oid))
		return NULL;
	if (span_eq(oid, SPAN("\x2b\x0e\x03\x02\x1a")))
		return "sha, rsa_pss";
	if (oid.n != 9 || memcmp(oid.p, "\x60\x86\x48\x01\x65\x03\x04\x02", 8) != 0)
		return NULL;
	return oid.p[8] < sizeof(text) / sizeof(text[0]) ? text[oid.p[8]] : NULL;
}

/*
 * Returns the text for an algorithm, or NULL when the tables do not have it. Algorithms
 * of one family have OIDs that differ in the last arc only, which is the index here.
 */
static const char *
cert_text_calidog(struct span oid, struct span params)
{
	static const char *const pkcs1[] = { [2] = "md2, rsa", [4] = "md5, rsa", "sha, rsa",
		[11] = "sha256, rsa", "sha384, rsa", "sha512, rsa", "sha224, rsa",
		"sha512_224, rsa", "sha512_256, rsa" };
	static const char *const ecdsa[] = { [1] = "sha224, ecdsa", "sha256, ecdsa",
		"sha384, ecdsa", "sha512, ecdsa" };
	static const char *const nist[] = { [1] = "sha224, dsa", "sha256, dsa", "sha384, dsa",
		"sha512, dsa", "sha3_224, dsa", "sha3_256, dsa", "sha3_384, dsa", "sha3_512, dsa",
		"sha3_224, ecdsa", "sha3_256, ecdsa", "sha3_384, ecdsa", "sha3_512, ecdsa",
		"sha3_224, rsa", "sha3_256, rsa", "sha3_384, rsa", "sha3_512, rsa",
		"none, ml_dsa", "none, ml_dsa", "none, ml_dsa",
		"none, slh_dsa", "none, slh_dsa", "none, slh_dsa", "none, slh_dsa",
		"none, slh_dsa", "none, slh_dsa", "none, slh_dsa", "none, slh_dsa",
		"none, slh_dsa", "none, slh_dsa", "none, slh_dsa", "none, slh_dsa" };
	static const struct {
		struct span arcs;
		const char *const *text;
		size_t count;
	} family[] = {
		{ { (const uint8_t *)"\x2a\x86\x48\x86\xf7\x0d\x01\x01", 8 }, pkcs1,
		    sizeof(pkcs1) / sizeof(pkcs1[0]) },
		{ { (const uint8_t *)"\x2a\x86\x48\xce\x3d\x04\x03", 7 }, ecdsa,
		    sizeof(ecdsa) / sizeof(ecdsa[0]) },
		{ { (const uint8_t *)"\x60\x86\x48\x01\x65\x03\x04\x03", 8 }, nist,
		    sizeof(nist) / sizeof(nist[0]) },
	};
	uint8_t last = oid.n > 0 ? oid.p[oid.n - 1] : 0;

	if (span_eq(oid, SPAN("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a")))
		return cert_pss_calidog(params);
	for (size_t i = 0; i < sizeof(family) / sizeof(family[0]); i++)
		if (oid.n == family[i].arcs.n + 1 && span_starts(oid, family[i].arcs))
			return last < family[i].count ? family[i].text[last] : NULL;
	if (span_eq(oid, SPAN("\x2b\x0e\x03\x02\x1d")))
		return "sha, rsa";
	if (span_eq(oid, SPAN("\x2a\x86\x48\xce\x3d\x04\x01")))
		return "sha, ecdsa";
	if (span_eq(oid, SPAN("\x2a\x86\x48\xce\x38\x04\x03")))
		return "sha, dsa";
	if (span_eq(oid, SPAN("\x2b\x65\x70")) || span_eq(oid, SPAN("\x2b\x65\x71")))
		return "none, eddsa";
	return NULL;
}

void
cert_put_signature_calidog(struct buf *b, struct span signature)
{
	struct der d = der_of(signature);
	struct span oid = { NULL, 0 };
	const char *text;

	if (!der_take(&d, DER_OID, &oid)) {
		buf_put(b, SPAN("unknown"));
		return;
	}
	text = cert_text_calidog(oid, span_of(d.p, (size_t)(d.end - d.p)));
	if (text != NULL)
		buf_puts(b, text);
	else
		text_put_oid(b, oid);
}
