/*
 * Writes extensions that hold lists, as text for format go. In: the value of an
 * extension. Out: the inside of a JSON string. Standard: RFC 5280 4.2.1 and 4.2.2.
 */
#include "x509/ext.h"

#include "enc/ber.h"
#include "enc/json_put.h"
#include "enc/text.h"
#include "x509/ext_list.h"
#include "x509/oid.h"

void
ext_separate(struct buf *b, bool *first)
{
	if (!*first)
		buf_put(b, SPAN(", "));
	*first = false;
}

/* Appends label and text as an item of a list. Sets *odd when bytes of text had to be replaced. */
static void
ext_put_item(struct buf *b, struct span label, struct span text, bool *first, bool *odd)
{
	ext_separate(b, first);
	buf_put(b, label);
	*odd |= !json_put_inner(b, text);
}

/* Appends the URIs of one access method. Returns false when part of the list cannot be read. */
static bool
ext_put_access_of(struct buf *b, struct span value, struct span method, bool *first)
{
	struct ext_access access;
	struct der list;
	bool odd = false;

	if (!ext_open(&list, value, &odd))
		return false;
	while (ext_next_access(&list, &access, &odd)) {
		if (!span_eq(access.method, method) || access.location.type != SAN_URI)
			continue;
		ext_put_item(b, SPAN("URI:"), access.location.value, first, &odd);
	}
	return !odd;
}

const char *
ext_put_access(struct buf *b, struct span value)
{
	bool first = true, ok;

	ok = ext_put_access_of(b, value, SPAN("\x2b\x06\x01\x05\x05\x07\x30\x02"), &first);
	ok &= ext_put_access_of(b, value, SPAN("\x2b\x06\x01\x05\x05\x07\x30\x01"), &first);
	return ok ? NULL : "RFC 5280 4.2.2.1: authorityInfoAccess cannot be read";
}

const char *
ext_put_policies(struct buf *b, struct span value)
{
	static const char why[] = "RFC 5280 4.2.1.4: certificatePolicies cannot be read";
	struct der list, ignored;
	struct span oid;
	bool odd = false;

	if (!ext_open(&list, value, &odd))
		return why;
	while (ext_next_policy(&list, &oid, &ignored, &odd)) {
		buf_put(b, SPAN("Policy: "));
		text_put_oid(b, oid);
		buf_put(b, SPAN("\\n"));
	}
	return odd ? why : NULL;
}

/* Appends the URIs among the names of one distribution point. */
static void
ext_put_point(struct buf *b, struct der names, bool *first, bool *odd)
{
	struct san san;

	while (san_next(&names, &san)) {
		if (san.type == SAN_URI)
			ext_put_item(b, SPAN("URI:"), san.value, first, odd);
		*odd |= san.type > SAN_REGISTERED_ID || san.odd;
	}
	*odd |= !der_done(&names);
}

/* Writes the URIs of all distribution points, and leaves out their reasons and issuers. */
const char *
ext_put_points(struct buf *b, struct span value)
{
	static const char why[] = "RFC 5280 4.2.1.13: cRLDistributionPoints cannot be read";
	struct ext_point point;
	struct der list;
	bool first = true, odd = false;

	if (!ext_open(&list, value, &odd))
		return why;
	while (ext_next_point(&list, &point, &odd))
		ext_put_point(b, der_of(point.full_name), &first, &odd);
	return odd ? why : NULL;
}

void
ext_put_bits(struct buf *b, struct span bits, const char *const name[9])
{
	bool first = true;
	size_t used;

	if (bits.n < 1)
		return;
	used = 8 * (bits.n - 1);
	used -= bits.p[0] < used ? bits.p[0] : used;	/* unused bits: X.690 8.6.2.2 */
	bits = span_from(bits, 1);
	for (unsigned i = 0; i < 9 && i < used; i++) {
		if (!(bits.p[i / 8] & 0x80 >> i % 8))
			continue;
		ext_separate(b, &first);
		buf_puts(b, name[i]);
	}
}

const char *
ext_put_key_usage(struct buf *b, struct span value, const char *const name[9])
{
	struct der d = der_of(value);
	struct span bits;
	bool ok = ber_take_string(&d, DER_BIT_STRING, &bits) && bits.n > 0;

	if (ok)
		ext_put_bits(b, bits, name);
	return ok && bits.p[0] < 8 && der_done(&d) ? NULL :
	    "RFC 5280 4.2.1.3: keyUsage cannot be read";
}

/* Purposes have OpenSSL's long names here, as in the READMEs of both servers. */
const char *
ext_put_extended_key_usage(struct buf *b, struct span value)
{
	static const char why[] = "RFC 5280 4.2.1.12: extendedKeyUsage cannot be read";
	struct der list;
	struct span oid;
	bool first = true, odd = false;

	if (!ext_open(&list, value, &odd))
		return why;
	while (ber_find(&list, DER_OID, &oid, &odd)) {
		odd |= !der_is_oid(oid);
		ext_separate(b, &first);
		oid_put(b, oid);
	}
	return odd ? why : NULL;
}

static void
ext_put_alt_names_of(struct buf *b, struct der names, enum san_type type, struct span label,
    bool *first, bool *odd)
{
	struct san san;

	while (san_next(&names, &san)) {
		if (san.type != type)
			continue;
		if (type != SAN_IP) {
			ext_put_item(b, label, san.value, first, odd);
			continue;
		}
		ext_separate(b, first);
		buf_put(b, label);
		text_put_ip(b, san.value);
	}
}

const char *
ext_put_alt_name(struct buf *b, struct span value)
{
	static const char why[] = "RFC 5280 4.2.1.6: subjectAltName cannot be read";
	struct der names, walk;
	struct san san;
	unsigned types = 0;
	bool first = true, odd = false;

	if (!san_open(&names, value, &odd))
		return why;
	for (walk = names; san_next(&walk, &san); types |= 1u << san.type) {
		odd |= san.odd;
		if (san.type == SAN_DNS)
			ext_put_item(b, SPAN("DNS:"), san.value, &first, &odd);
	}
	if (types & ~(1u << SAN_DNS)) {
		ext_put_alt_names_of(b, names, SAN_EMAIL, SPAN("email:"), &first, &odd);
		ext_put_alt_names_of(b, names, SAN_IP, SPAN("IP Address:"), &first, &odd);
		ext_put_alt_names_of(b, names, SAN_URI, SPAN("URI:"), &first, &odd);
	}
	return odd || types > (2u << SAN_REGISTERED_ID) - 1 || !der_done(&walk) ? why : NULL;
}
