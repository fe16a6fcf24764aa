/*
 * Finds extensions and writes the short ones. In: the extensions field of a
 * certificate. Out: values by kind, and text. Standards: RFC 5280 4.2, RFC 6962
 * 3.1 and 3.3.
 */
#include "x509/ext.h"

#include "enc/b64.h"
#include "enc/ber.h"
#include "enc/text.h"
#include "x509/ext_list.h"

enum { EXT_KEPT = 1 << 18 };	/* bytes of memory for joined segments, kept between certificates */

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

static void
ext_wrong(const char **why, const char *text)
{
	if (*why == NULL)
		*why = text;
}

void
ext_free(struct ext *e)
{
	buf_free(&e->joined);
	buf_free(&e->names);
}

/* Finds the value when it is not the next element, or comes in segments or cut off. */
static void
ext_odd_value(struct der *d, struct ext_item *out, const char **why)
{
	struct der_item it;
	bool odd = false;

	while (der_next(d, &it) || (!der_done(d) && der_next_cut(d, &it))) {
		if (it.tag == DER_OCTET_STRING) {
			ext_wrong(why, "RFC 5280 4.2: an extension's value is cut off");
			out->value = it.body;
			return;
		}
		if (it.tag == (DER_OCTET_STRING | DER_CONSTRUCTED) &&
		    ber_join(it.body, NULL, &out->value, &odd)) {
			if (odd)
				ext_wrong(why, "RFC 5280 4.2: a segment of an extension's value is "
				    "not an OCTET STRING");
			out->split = out->value.p == NULL;
			out->value = out->split ? it.body : out->value;
			return;
		}
		ext_wrong(why, "RFC 5280 4.2: an extension holds an element that is not its value");
	}
	ext_wrong(why, "RFC 5280 4.2: an extension has no value");
	out->value = (struct span){ NULL, 0 };
}

/* Notes what is wrong with an extension apart from its value. */
static void
ext_odd_item(struct span oid, struct span critical, bool done, const char **why)
{
	if (!der_is_oid(oid))
		ext_wrong(why, "RFC 5280 4.2: the OID of an extension is cut off");
	else if (critical.n != 1)
		ext_wrong(why, "RFC 5280 4.2: critical is not a BOOLEAN of one byte");
	else if (!done)
		ext_wrong(why, "RFC 5280 4.2: an extension has bytes behind its value");
}

/* Takes one Extension apart; false when it has no OID. */
static inline bool
ext_item(struct der d, struct ext_item *out, const char **why)
{
	struct span critical = SPAN("\x00");

	if (!der_take(&d, DER_OID, &out->oid)) {
		ext_wrong(why, "RFC 5280 4.2: an extension has no OID");
		return false;
	}
	der_take(&d, DER_BOOLEAN, &critical);
	out->kind = EXT_KINDS;
	out->split = false;
	if (!der_take(&d, DER_OCTET_STRING, &out->value))
		ext_odd_value(&d, out, why);
	if (!der_is_oid(out->oid) || critical.n != 1 || !der_done(&d))
		ext_odd_item(out->oid, critical, der_done(&d), why);
	if (out->value.p != NULL)
		out->kind = ext_kind(out->oid);
	return true;
}

/*
 * Takes the next SEQUENCE when it is cut off or other elements come before it. Of another extensions
 * field, [3], the elements in it come next.
 */
static bool
ext_odd_next(struct der *extensions, struct span *body, const char **why)
{
	struct der_item it;
	bool odd = false;

	ext_wrong(why, "RFC 5280 4.2: the extensions cannot be read to their end");
	while (ber_next(extensions, &it, &odd)) {
		if (ber_is_list(&it, DER_SEQUENCE)) {
			*body = it.body;
			return true;
		}
		if (it.tag == (DER_CONTEXT_CONSTRUCTED | 3))
			extensions->p = it.body.p;
	}
	return false;
}

bool
ext_next(struct der *extensions, struct ext_item *out, const char **why)
{
	struct span body;
	struct der inner;

	while (der_take(extensions, DER_SEQUENCE, &body) ||
	    (!der_done(extensions) && ext_odd_next(extensions, &body, why))) {
		inner = der_of(body);
		if (ext_item(inner, out, why))
			return true;
		if ((der_peek(&inner) | DER_CONSTRUCTED) == DER_SEQUENCE)
			extensions->p = body.p;
	}
	return false;
}

/*
 * Gives e->joined the memory for all that can be joined there, so that it does not move: each value
 * once, and the names of subjectAltName once more.
 */
static void
ext_reserve(struct ext *e, struct span extensions)
{
	if (e->joined.n == 0)
		buf_reserve(&e->joined, 2 * extensions.n + 16);
}

static void
ext_keep(struct ext *e, const struct ext_item *it, struct span extensions, const char **why)
{
	bool ignored = false;	/* ext_next has seen it */

	if (it->kind == EXT_KINDS) {
		e->others++;
		return;
	}
	if (e->value[it->kind].p != NULL) {
		e->repeated |= 1u << it->kind;
		ext_wrong(why, it->kind == EXT_SUBJECT_ALT_NAME ?
		    "RFC 5280 4.2: there is more than one subjectAltName" :
		    "RFC 5280 4.2: an extension is there more than once");
	}
	e->value[it->kind] = it->value;
	e->oid[it->kind] = it->oid.p;
	if (it->split) {
		ext_reserve(e, extensions);
		ber_join(it->value, &e->joined, &e->value[it->kind], &ignored);
	}
}

/* Joins the segments of names in the subjectAltName, if there are any. */
static void
ext_join_names(struct ext *e, struct span extensions)
{
	struct span *names = &e->value[EXT_SUBJECT_ALT_NAME];
	size_t from;

	if (names->p == NULL || !san_is_split(*names))
		return;
	ext_reserve(e, extensions);
	from = e->joined.n;
	san_put_plain(&e->joined, *names);
	*names = span_of(e->joined.p + from, e->joined.n - from);
}

const char *
ext_parse(struct ext *e, struct span extensions)
{
	struct der list = der_of(extensions);
	const char *why = NULL;
	struct ext_item it;

	memset(e->value, 0, sizeof(e->value));
	e->others = e->repeated = 0;
	buf_trim(&e->joined, EXT_KEPT);
	buf_trim(&e->names, EXT_KEPT);
	while (ext_next(&list, &it, &why))
		ext_keep(e, &it, extensions, &why);
	ext_join_names(e, extensions);
	return why;
}

struct ext_names
ext_names(const struct ext *e, struct span extensions, bool last_first)
{
	struct span none = { NULL, 0 };
	bool more = e->repeated >> EXT_SUBJECT_ALT_NAME & 1;

	return (struct ext_names){ der_of(more ? extensions : none), last_first,
		!ext_has(e, EXT_SUBJECT_ALT_NAME) };
}

/* Returns the value of a subjectAltName, with all its segments joined in e->names. */
static struct span
ext_join_earlier(struct ext *e, const struct ext_item *it)
{
	struct span value = it->value;
	bool ignored = false;	/* ext_next has seen it */
	size_t from;

	if (!it->split && !san_is_split(value))
		return value;
	buf_reset(&e->names);
	buf_reserve(&e->names, 2 * value.n + 16);	/* for two joins, so that nothing moves */
	if (it->split && !ber_join(it->value, &e->names, &value, &ignored))
		return span_of(it->value.p, 0);
	if (!san_is_split(value))
		return value;
	from = e->names.n;
	san_put_plain(&e->names, value);
	return span_of(e->names.p + from, e->names.n - from);
}

static bool
ext_take_last(const struct ext *e, struct ext_names *walk, struct span *value)
{
	if (walk->last_taken)
		return false;
	walk->last_taken = true;
	*value = e->value[EXT_SUBJECT_ALT_NAME];
	return true;
}

bool
ext_next_names(struct ext *e, struct ext_names *walk, struct span *value)
{
	const char *ignored = NULL;	/* ext_parse has returned it */
	struct ext_item it;

	if (walk->last_first && ext_take_last(e, walk, value))
		return true;
	while (ext_next(&walk->list, &it, &ignored)) {
		if (it.kind != EXT_SUBJECT_ALT_NAME || it.oid.p == e->oid[EXT_SUBJECT_ALT_NAME])
			continue;
		*value = ext_join_earlier(e, &it);
		return true;
	}
	return ext_take_last(e, walk, value);
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
	const char *ignored = NULL;
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
	bool odd = false;
	struct span flag;
	struct der d;

	*ca = false;
	*path_length = (struct span){ NULL, 0 };
	if (!ext_open(&d, value, &odd))
		return false;
	if (der_take(&d, DER_BOOLEAN, &flag)) {
		*ca = der_is_true(flag);
		odd |= flag.n != 1;
	}
	if (der_take(&d, DER_INTEGER, path_length))
		odd |= path_length->n == 0;
	return !odd && der_done(&d);
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
	bool odd = false, ok;
	struct ext_key_id id;

	buf_put(b, SPAN("keyid:"));
	ok = ext_key_id(&id, value, &odd);
	text_put_hex(b, id.key);
	return ok && !odd ? NULL : "RFC 5280 4.2.1.1: authorityKeyIdentifier cannot be read";
}

static const char *
ext_put_subject_key_identifier(struct buf *b, struct span value)
{
	static const char why[] = "RFC 5280 4.2.1.2: subjectKeyIdentifier cannot be read";
	struct der d = der_of(value);
	struct span id;

	buf_put(b, SPAN("keyid:"));
	if (!ber_take_string(&d, DER_OCTET_STRING, &id))
		return why;
	text_put_hex(b, id);
	return der_done(&d) ? NULL : why;
}

/* Writes the whole value in base64, as CaliDog's server does. */
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
