/*
 * Finds extensions and writes the short ones. In: the extensions field of a
 * certificate. Out: values by kind, and text. RFC 5280 4.2, RFC 6962 3.1, 3.3.
 */
#include "ct/ext.h"

#include "enc/der.h"
#include "enc/text.h"

/* The kind of an extension by its OID, or EXT_KINDS for one that is not shown. */
static enum ext_kind
ext_kind(struct span oid)
{
	if (oid.n == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x1d) {	/* id-ce */
		switch (oid.p[2]) {
		case 14:
			return EXT_SUBJECT_KEY_IDENTIFIER;
		case 15:
			return EXT_KEY_USAGE;
		case 17:
			return EXT_SUBJECT_ALT_NAME;
		case 19:
			return EXT_BASIC_CONSTRAINTS;
		case 32:
			return EXT_CERTIFICATE_POLICIES;
		case 35:
			return EXT_AUTHORITY_KEY_IDENTIFIER;
		case 37:
			return EXT_EXTENDED_KEY_USAGE;
		}
		return EXT_KINDS;
	}
	if (span_eq(oid, SPAN("\x2b\x06\x01\x05\x05\x07\x01\x01")))	/* id-pe-authorityInfoAccess */
		return EXT_AUTHORITY_INFO_ACCESS;
	if (span_eq(oid, SPAN("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02")))
		return EXT_SCT_LIST;
	if (span_eq(oid, SPAN("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x03")))
		return EXT_POISON;
	return EXT_KINDS;
}

const char *
ext_parse(struct ext *e, struct span extensions)
{
	struct der list = der_of(extensions), d;
	const char *why = NULL;
	struct span body, oid, ignored, value;
	enum ext_kind kind;

	memset(e, 0, sizeof(*e));
	while (der_take(&list, DER_SEQUENCE, &body)) {
		d = der_of(body);
		if (!der_take(&d, DER_OID, &oid)) {
			why = "RFC 5280 4.2: an extension has no OID";
			continue;
		}
		der_take(&d, DER_BOOLEAN, &ignored);
		if (!der_take(&d, DER_OCTET_STRING, &value)) {
			why = "RFC 5280 4.2: an extension has no value";
			continue;
		}
		kind = ext_kind(oid);
		if (kind != EXT_KINDS)
			e->value[kind] = value;
	}
	return der_done(&list) ? why : "RFC 5280 4.2: the extensions cannot be read to their end";
}

/* The contents of BasicConstraints; false when it is no SEQUENCE. */
static bool
ext_basic_constraints(struct span value, bool *ca)
{
	struct der d = der_of(value);
	struct span body, flag;

	*ca = false;
	if (!der_take(&d, DER_SEQUENCE, &body))
		return false;
	d = der_of(body);
	if (der_take(&d, DER_BOOLEAN, &flag))
		*ca = der_is_true(flag);
	return true;
}

bool
ext_is_ca(const struct ext *e)
{
	bool ca = false;

	if (ext_has(e, EXT_BASIC_CONSTRAINTS))
		ext_basic_constraints(e->value[EXT_BASIC_CONSTRAINTS], &ca);
	return ca;
}

static const char *
ext_put_basic_constraints(struct buf *b, struct span value)
{
	bool ca, ok = ext_basic_constraints(value, &ca);

	buf_put(b, ca ? SPAN("CA:TRUE") : SPAN("CA:FALSE"));
	return ok ? NULL : "RFC 5280 4.2.1.9: basicConstraints cannot be read";
}

static const char *
ext_put_authority_key_identifier(struct buf *b, struct span value)
{
	struct der d = der_of(value);
	struct span body, id;

	buf_put(b, SPAN("keyid:"));
	if (!der_take(&d, DER_SEQUENCE, &body))
		return "RFC 5280 4.2.1.1: authorityKeyIdentifier cannot be read";
	d = der_of(body);
	if (der_take(&d, DER_CONTEXT | 0, &id))
		text_put_hex(b, id);
	return NULL;
}

static const char *
ext_put_subject_key_identifier(struct buf *b, struct span value)
{
	struct der d = der_of(value);
	struct span id;

	buf_put(b, SPAN("keyid:"));
	if (!der_take(&d, DER_OCTET_STRING, &id))
		return "RFC 5280 4.2.1.2: subjectKeyIdentifier cannot be read";
	text_put_hex(b, id);
	return NULL;
}

/* The whole value as URL-safe base64 (RFC 4648 section 5), padded, as CaliDog's server has it. */
static const char *
ext_put_sct_list(struct buf *b, struct span value)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint8_t *from = buf_reserve(b, (value.n + 2) / 3 * 4), *o = from;
	uint32_t v;
	size_t k;

	for (; value.n > 0; value = span_from(value, k)) {
		k = value.n < 3 ? value.n : 3;
		v = (uint32_t)value.p[0] << 16 | (k > 1 ? (uint32_t)value.p[1] << 8 : 0) |
		    (k > 2 ? value.p[2] : 0);
		*o++ = (uint8_t)digit[v >> 18];
		*o++ = (uint8_t)digit[v >> 12 & 63];
		*o++ = k > 1 ? (uint8_t)digit[v >> 6 & 63] : '=';
		*o++ = k > 2 ? (uint8_t)digit[v & 63] : '=';
	}
	buf_commit(b, (size_t)(o - from));
	return NULL;
}

const char *
ext_put(struct buf *b, enum ext_kind kind, struct span value)
{
	switch (kind) {
	case EXT_AUTHORITY_INFO_ACCESS:
		return ext_put_access(b, value);
	case EXT_AUTHORITY_KEY_IDENTIFIER:
		return ext_put_authority_key_identifier(b, value);
	case EXT_BASIC_CONSTRAINTS:
		return ext_put_basic_constraints(b, value);
	case EXT_CERTIFICATE_POLICIES:
		return ext_put_policies(b, value);
	case EXT_SCT_LIST:
		return ext_put_sct_list(b, value);
	case EXT_EXTENDED_KEY_USAGE:
		return ext_put_extended_key_usage(b, value);
	case EXT_KEY_USAGE:
		return ext_put_key_usage(b, value);
	case EXT_SUBJECT_ALT_NAME:
		return ext_put_alt_name(b, value);
	case EXT_SUBJECT_KEY_IDENTIFIER:
		return ext_put_subject_key_identifier(b, value);
	case EXT_POISON:
	case EXT_KINDS:
		break;
	}
	return NULL;
}
