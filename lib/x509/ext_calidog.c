/*
 * Writes the texts of extensions in format calidog. In: the value of an extension.
 * Out: the inside of a JSON string, as OpenSSL 1.1 prints it without indent, because
 * CaliDog's README shows that: a newline stands behind each line, where OpenSSL 3 has
 * newlines only between lines. Standard: RFC 5280 4.2.
 */
#include "x509/ext.h"

#include "enc/ber.h"
#include "enc/text.h"
#include "x509/ext_list.h"
#include "x509/oid.h"

#define NEWLINE SPAN("\\n")	/* inside of a JSON string */

/* Writes each name on a line of its own, with indent in front. */
static void
ext_calidog_put_names(struct buf *b, struct span names, const char *indent, enum name_style style,
    bool *odd)
{
	struct der walk = der_of(names);
	struct san san;

	while (san_next(&walk, &san)) {
		*odd |= san.odd || san.type == SAN_NONE;
		if (san.type == SAN_NONE)
			continue;
		buf_puts(b, indent);
		*odd |= san_put(b, &san, style) != NULL;
		buf_put(b, NEWLINE);
	}
	*odd |= !der_done(&walk);
}

static const char *
ext_calidog_put_access(struct buf *b, struct span value)
{
	static const char why[] = "RFC 5280 4.2.2.1: authorityInfoAccess cannot be read";
	struct ext_access access;
	struct der list;
	bool odd = false;

	if (!ext_open(&list, value, &odd))
		return why;
	while (ext_next_access(&list, &access, &odd)) {
		oid_put(b, access.method);
		buf_put(b, SPAN(" - "));
		odd |= san_put(b, &access.location, NAME_SLASHES) != NULL;
		buf_put(b, NEWLINE);
	}
	return odd ? why : NULL;
}

static const char *
ext_calidog_put_authority_key_identifier(struct buf *b, struct span value)
{
	struct ext_key_id id;
	bool odd = false;

	if (!ext_key_id(&id, value, &odd))
		odd = true;
	if (id.key.p != NULL) {
		buf_put(b, SPAN("keyid:"));
		text_put_hex_upper(b, id.key);
		buf_put(b, NEWLINE);
	}
	if (id.issuer.p != NULL)
		ext_calidog_put_names(b, id.issuer, "", NAME_SLASHES, &odd);
	if (id.serial.p != NULL) {
		buf_put(b, SPAN("serial:"));
		text_put_hex_magnitude(b, id.serial);
		buf_put(b, NEWLINE);
	}
	return odd ? "RFC 5280 4.2.1.1: authorityKeyIdentifier cannot be read" : NULL;
}

static const char *
ext_calidog_put_subject_key_identifier(struct buf *b, struct span value)
{
	struct der d = der_of(value);
	struct span id;

	if (!ber_take_string(&d, DER_OCTET_STRING, &id))
		return "RFC 5280 4.2.1.2: subjectKeyIdentifier cannot be read";
	text_put_hex_upper(b, id);
	return der_done(&d) ? NULL : "RFC 5280 4.2.1.2: subjectKeyIdentifier cannot be read";
}

static const char *
ext_calidog_put_basic_constraints(struct buf *b, struct span value)
{
	struct span path_length;
	bool ca, ok = ext_basic_constraints(value, &ca, &path_length);

	buf_put(b, ca ? SPAN("CA:TRUE") : SPAN("CA:FALSE"));
	if (path_length.n > 0) {
		buf_put(b, SPAN(", pathlen:"));
		text_put_integer(b, path_length);
	}
	return ok ? NULL : "RFC 5280 4.2.1.9: basicConstraints cannot be read";
}

/* Writes a DisplayText; one in segments only if it is a single one. */
static void
ext_calidog_put_display(struct buf *b, struct der_item text, bool *odd)
{
	if (text.tag & DER_CONSTRUCTED) {
		text.tag ^= DER_CONSTRUCTED;
		if (!text_is_string(text.tag) || !ber_join(text.body, NULL, &text.body, odd) ||
		    text.body.p == NULL) {
			*odd = true;
			return;
		}
	}
	text_put_latin1(b, text.tag, text.body);
	*odd |= text_flaw(text.tag, text.body) != NULL;
}

/* Writes a NoticeReference: an organization, and the numbers of its notices. */
static void
ext_calidog_put_reference(struct buf *b, struct span body, bool *odd)
{
	struct der d = der_of(body), walk;
	struct der_item organization;
	struct span numbers = { NULL, 0 }, number;
	bool first = true;

	if (!der_next(&d, &organization)) {
		*odd = true;
		return;
	}
	buf_put(b, SPAN("    Organization: "));
	ext_calidog_put_display(b, organization, odd);
	if (!ber_find(&d, DER_SEQUENCE, &numbers, odd))
		*odd = true;
	*odd |= !der_done(&d);
	walk = der_of(numbers);
	buf_put(b, der_take(&walk, DER_INTEGER, &number) && der_take(&walk, DER_INTEGER, &number) ?
	    SPAN("\\n    Numbers: ") : SPAN("\\n    Number: "));
	for (walk = der_of(numbers); ber_find(&walk, DER_INTEGER, &number, odd);) {
		ext_separate(b, &first);
		text_put_integer(b, number);
	}
	buf_put(b, NEWLINE);
}

static void
ext_calidog_put_notice(struct buf *b, struct span notice, bool *odd)
{
	struct der d = der_of(notice);
	struct der_item text;
	struct span reference;

	buf_put(b, SPAN("  User Notice:\\n"));
	if (der_take(&d, DER_SEQUENCE, &reference))
		ext_calidog_put_reference(b, reference, odd);
	if (der_next(&d, &text)) {
		buf_put(b, SPAN("    Explicit Text: "));
		ext_calidog_put_display(b, text, odd);
		buf_put(b, NEWLINE);
	}
	*odd |= !der_done(&d);
}

static void
ext_calidog_put_qualifiers(struct buf *b, struct der *qualifiers, bool *odd)
{
	struct der_item it;
	struct span oid;

	while (ext_next_qualifier(qualifiers, &oid, &it, odd)) {
		if (span_eq(oid, SPAN("\x2b\x06\x01\x05\x05\x07\x02\x01"))) {	/* id-qt-cps */
			buf_put(b, SPAN("  CPS: "));
			ext_calidog_put_display(b, it, odd);
		} else if (span_eq(oid, SPAN("\x2b\x06\x01\x05\x05\x07\x02\x02"))) {
			ext_calidog_put_notice(b, it.body, odd);
			continue;
		} else {
			buf_put(b, SPAN("    Unknown Qualifier: "));
			oid_put(b, oid);
		}
		buf_put(b, NEWLINE);
	}
}

static const char *
ext_calidog_put_policies(struct buf *b, struct span value)
{
	static const char why[] = "RFC 5280 4.2.1.4: certificatePolicies cannot be read";
	struct der list, qualifiers;
	struct span oid;
	bool odd = false;

	if (!ext_open(&list, value, &odd))
		return why;
	while (ext_next_policy(&list, &oid, &qualifiers, &odd)) {
		buf_put(b, SPAN("Policy: "));
		oid_put(b, oid);
		buf_put(b, NEWLINE);
		ext_calidog_put_qualifiers(b, &qualifiers, &odd);
	}
	return odd ? why : NULL;
}

static void
ext_calidog_put_reasons(struct buf *b, struct span bits)
{
	static const char *const name[9] = { "Unused", "Key Compromise", "CA Compromise",
		"Affiliation Changed", "Superseded", "Cessation Of Operation", "Certificate Hold",
		"Privilege Withdrawn", "AA Compromise" };

	buf_put(b, SPAN("Reasons:\\n  "));
	ext_put_bits(b, bits, name);
	buf_put(b, NEWLINE);
}

static const char *
ext_calidog_put_points(struct buf *b, struct span value)
{
	static const char why[] = "RFC 5280 4.2.1.13: cRLDistributionPoints cannot be read";
	struct ext_point point;
	struct der list;
	bool odd = false;

	if (!ext_open(&list, value, &odd))
		return why;
	while (ext_next_point(&list, &point, &odd)) {
		buf_put(b, NEWLINE);
		if (point.full_name.p != NULL) {
			buf_put(b, SPAN("Full Name:\\n"));
			ext_calidog_put_names(b, point.full_name, "  ", NAME_COMMAS, &odd);
		} else if (point.relative.p != NULL) {
			buf_put(b, SPAN("Relative Name:\\n  "));
			odd |= name_put_relative(b, point.relative, NAME_COMMAS) != NULL;
			buf_put(b, NEWLINE);
		}
		if (point.reasons.p != NULL)
			ext_calidog_put_reasons(b, point.reasons);
		if (point.issuer.p != NULL) {
			buf_put(b, SPAN("CRL Issuer:\\n"));
			ext_calidog_put_names(b, point.issuer, "  ", NAME_COMMAS, &odd);
		}
	}
	return odd ? why : NULL;
}

static const char *
ext_calidog_put_alt_name(struct buf *b, struct span value, const char *why)
{
	struct der names;
	struct san san;
	bool first = true, odd = false;

	if (!san_open(&names, value, &odd))
		return why;
	while (san_next(&names, &san)) {
		odd |= san.odd || san.type == SAN_NONE;
		if (san.type == SAN_NONE)
			continue;
		ext_separate(b, &first);
		odd |= san_put(b, &san, NAME_SLASHES) != NULL;
	}
	return odd || !der_done(&names) ? why : NULL;
}

const char *
ext_put_calidog(struct buf *b, enum ext_kind kind, struct span value)
{
	static const char *const usage[9] = { "Digital Signature", "Non Repudiation",
		"Key Encipherment", "Data Encipherment", "Key Agreement", "Certificate Sign",
		"CRL Sign", "Encipher Only", "Decipher Only" };

	switch (kind) {
	case EXT_AUTHORITY_INFO_ACCESS:
		return ext_calidog_put_access(b, value);
	case EXT_AUTHORITY_KEY_IDENTIFIER:
		return ext_calidog_put_authority_key_identifier(b, value);
	case EXT_BASIC_CONSTRAINTS:
		return ext_calidog_put_basic_constraints(b, value);
	case EXT_CERTIFICATE_POLICIES:
		return ext_calidog_put_policies(b, value);
	case EXT_KEY_USAGE:
		return ext_put_key_usage(b, value, usage);
	case EXT_SUBJECT_ALT_NAME:
		return ext_calidog_put_alt_name(b, value,
		    "RFC 5280 4.2.1.6: subjectAltName cannot be read");
	case EXT_SUBJECT_KEY_IDENTIFIER:
		return ext_calidog_put_subject_key_identifier(b, value);
	case EXT_CRL_DISTRIBUTION_POINTS:
		return ext_calidog_put_points(b, value);
	case EXT_ISSUER_ALT_NAME:
		return ext_calidog_put_alt_name(b, value,
		    "RFC 5280 4.2.1.7: issuerAltName cannot be read");
	default:
		return ext_put(b, kind, value);
	}
}
