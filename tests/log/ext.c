/* Writes extensions (RFC 5280 section 4.2). In: their values. Out: DER. */
#include "tests/log/ext.h"

#include <stdio.h>

void
ext_open(struct der *d, const char *oid, bool critical)
{
	der_open(d, DER_SEQUENCE);
	der_put_oid(d, oid);
	if (critical)
		der_put_true(d);
	der_open(d, DER_OCTET_STRING);
}

void
ext_close(struct der *d)
{
	der_close(d);
	der_close(d);
}

void
ext_put_key_usage(struct der *d, unsigned bits16)
{
	ext_open(d, "2.5.29.15", true);
	der_put_named_bits(d, bits16);
	ext_close(d);
}

void
ext_put_extended_key_usage(struct der *d, const char *const *oids, size_t count)
{
	size_t i;

	ext_open(d, "2.5.29.37", false);
	der_open(d, DER_SEQUENCE);
	for (i = 0; i < count; i++)
		der_put_oid(d, oids[i]);
	der_close(d);
	ext_close(d);
}

void
ext_put_subject_key_id(struct der *d, const unsigned char id[20])
{
	ext_open(d, "2.5.29.14", false);
	der_put(d, DER_OCTET_STRING, id, 20);
	ext_close(d);
}

void
ext_put_authority_key_id(struct der *d, const struct key *issuer)
{
	ext_open(d, "2.5.29.35", false);
	der_open(d, DER_SEQUENCE);
	der_put(d, DER_CONTEXT | 0, issuer->ski, 20);
	der_close(d);
	ext_close(d);
}

static void
ext_put_access(struct der *d, const char *method, const char *url)
{
	der_open(d, DER_SEQUENCE);
	der_put_oid(d, method);
	der_put_text(d, DER_CONTEXT | 6, url);
	der_close(d);
}

void
ext_put_authority_access(struct der *d, const char *slug, bool ocsp)
{
	char url[128];

	ext_open(d, "1.3.6.1.5.5.7.1.1", false);
	der_open(d, DER_SEQUENCE);
	if (ocsp) {
		snprintf(url, sizeof(url), "http://ocsp.%s.example", slug);
		ext_put_access(d, "1.3.6.1.5.5.7.48.1", url);
	}
	snprintf(url, sizeof(url), "http://%s.example/ca.crt", slug);
	ext_put_access(d, "1.3.6.1.5.5.7.48.2", url);
	der_close(d);
	ext_close(d);
}

void
ext_put_crl_points(struct der *d, const char *slug, unsigned number)
{
	char url[128];

	snprintf(url, sizeof(url), "http://crl.%s.example/%u.crl", slug, number);
	ext_open(d, "2.5.29.31", false);
	der_open(d, DER_SEQUENCE);
	der_open(d, DER_SEQUENCE);
	der_open(d, DER_CONTEXT_CONSTRUCTED | 0);
	der_open(d, DER_CONTEXT_CONSTRUCTED | 0);
	der_put_text(d, DER_CONTEXT | 6, url);
	der_close(d);
	der_close(d);
	der_close(d);
	der_close(d);
	ext_close(d);
}
