/*
 * Finds extensions and writes the short ones. In: the extensions field of a
 * certificate. Out: values by kind, and text. RFC 5280 4.2, RFC 6962 3.1, 3.3.
 */
#include "ct/ext.h"

#include "enc/b64.h"
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
		case 18:
			return EXT_ISSUER_ALT_NAME;
		case 19:
			return EXT_BASIC_CONSTRAINTS;
		case 31:
			return EXT_CRL_DISTRIBUTION_POINTS;
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

bool
ext_next(struct der *extensions, struct ext_item *out, const char **why)
{
	struct span body, ignored;
	struct der d;

	while (der_take(extensions, DER_SEQUENCE, &body)) {
		d = der_of(body);
		if (!der_take(&d, DER_OID, &out->oid)) {
			*why = "RFC 5280 4.2: an extension has no OID";
			continue;
		}
		der_take(&d, DER_BOOLEAN, &ignored);
		if (!der_take(&d, DER_OCTET_STRING, &out->value)) {
			*why = "RFC 5280 4.2: an extension has no value";
			continue;
		}
		out->kind = ext_kind(out->oid);
		return true;
	}
	return false;
}

const char *
ext_parse(struct ext *e, struct span extensions)
{
	struct der list = der_of(extensions);
	const char *why = NULL;
	struct ext_item it;

	memset(e, 0, sizeof(*e));
	while (ext_next(&list, &it, &why)) {
		if (it.kind == EXT_KINDS)
			e->others++;
		else
			e->value[it.kind] = it.value;
	}
	return der_done(&list) ? why : "RFC 5280 4.2: the extensions cannot be read to their end";
}

void
ext_put_key(struct buf *b, enum ext_kind kind)
{
	static const char *const key[EXT_KINDS] = {
		"\"authorityInfoAccess\":", "\"authorityKeyIdentifier\":",
		"\"basicConstraints\":", "\"certificatePolicies\":",
		"\"ctlSignedCertificateTimestamp\":", "\"extendedKeyUsage\":",
		"\"keyUsage\":", "\"subjectAltName\":", "\"subjectKeyIdentifier\":",
		"\"ctlPoisonByte\":", "\"crlDistributionPoints\":", "\"issuerAltName\":",
	};

	buf_puts(b, key[kind]);
}

void
ext_put_others(struct buf *b, struct span extensions)
{
	struct der list = der_of(extensions);
	const char *ignored;
	struct ext_item it;
	bool first = true;

	buf_put(b, SPAN("\"extra\":["));
	while (ext_next(&list, &it, &ignored)) {
		if (it.kind != EXT_KINDS)
			continue;
		buf_put(b, first ? SPAN("\"") : SPAN(",\""));
		text_put_oid(b, it.oid);
		buf_putc(b, '"');
		first = false;
	}
	buf_putc(b, ']');
}

bool
ext_basic_constraints(struct span value, bool *ca, struct span *path_length)
{
	struct der d = der_of(value);
	struct span body, flag;

	*ca = false;
	*path_length = (struct span){ NULL, 0 };
	if (!der_take(&d, DER_SEQUENCE, &body))
		return false;
	d = der_of(body);
	if (der_take(&d, DER_BOOLEAN, &flag))
		*ca = der_is_true(flag);
	der_take(&d, DER_INTEGER, path_length);
	return true;
}

bool
ext_is_ca(const struct ext *e)
{
	struct span ignored;
	bool ca = false;

	if (ext_has(e, EXT_BASIC_CONSTRAINTS))
		ext_basic_constraints(e->value[EXT_BASIC_CONSTRAINTS], &ca, &ignored);
	return ca;
}

static const char *
ext_put_basic_constraints(struct buf *b, struct span value)
{
	struct span ignored;
	bool ca, ok = ext_basic_constraints(value, &ca, &ignored);

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

/* The whole value, as CaliDog's server has it. */
static const char *
ext_put_sct_list(struct buf *b, struct span value)
{
	b64_put_url(b, value);
	return NULL;
}

const char *
ext_put(struct buf *b, enum ext_kind kind, struct span value)
{
	static const char *const usage[9] = { "Digital Signature", "Content Commitment",
		"Key Encipherment", "Data Encipherment", "Key Agreement", "Certificate Signing",
		"CRL Signing", "Encipher Only", "Decipher Only" };

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
		return ext_put_key_usage(b, value, usage);
	case EXT_SUBJECT_ALT_NAME:
		return ext_put_alt_name(b, value);
	case EXT_SUBJECT_KEY_IDENTIFIER:
		return ext_put_subject_key_identifier(b, value);
	case EXT_CRL_DISTRIBUTION_POINTS:
		return ext_put_points(b, value);
	case EXT_ISSUER_ALT_NAME:
		return ext_put_alt_name(b, value) == NULL ? NULL :
		    "RFC 5280 4.2.1.7: issuerAltName cannot be read";
	case EXT_POISON:
	case EXT_KINDS:
		break;
	}
	return NULL;
}
