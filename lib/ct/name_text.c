/*
 * Distinguished names inside extensions, as OpenSSL prints them. In: a Name.
 * Out: the inside of a JSON string, with all attributes in their order.
 */
#include "ct/name.h"

#include "enc/ber.h"
#include "enc/text.h"

/* OpenSSL's short name of an attribute type; NULL when it has none. */
static const char *
name_short(struct span oid)
{
	static const char *const at[] = { [3] = "CN", "SN", "serialNumber", "C", "L", "ST",
		"street", "O", "OU", "title", "description", [15] = "businessCategory",
		"postalAddress", "postalCode", "postOfficeBox", [20] = "telephoneNumber",
		[41] = "name", "GN", "initials", "generationQualifier", "x500UniqueIdentifier",
		"dnQualifier", [65] = "pseudonym", [97] = "organizationIdentifier" };
	static const struct {
		struct span oid;
		const char *name;
	} other[] = {
		{ { (const uint8_t *)"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 9 }, "emailAddress" },
		{ { (const uint8_t *)"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x02", 9 }, "unstructuredName" },
		{ { (const uint8_t *)"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", 10 }, "DC" },
		{ { (const uint8_t *)"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", 10 }, "UID" },
		{ { (const uint8_t *)"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01", 11 },
		    "jurisdictionL" },
		{ { (const uint8_t *)"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02", 11 },
		    "jurisdictionST" },
		{ { (const uint8_t *)"\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03", 11 },
		    "jurisdictionC" },
	};

	if (oid.n == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x04)
		return oid.p[2] < sizeof(at) / sizeof(at[0]) ? at[oid.p[2]] : NULL;
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (span_eq(oid, other[i].oid))
			return other[i].name;
	return NULL;
}

/* True when RFC 2253 section 2.4 wants the text escaped. */
static bool
name_wants_quotes(struct span text)
{
	if (text.n == 0)
		return false;
	if (text.p[0] == ' ' || text.p[0] == '#' || text.p[text.n - 1] == ' ')
		return true;
	for (size_t i = 0; i < text.n; i++)
		if (strchr(",+\"<>;", text.p[i]) != NULL && text.p[i] != '\0')
			return true;
	return false;
}

/* Quotes around what stands behind from, where it wants them. */
static void
name_quote(struct buf *b, size_t from)
{
	if (!name_wants_quotes(span_of(b->p + from, b->n - from)))
		return;
	buf_reserve(b, 4);
	memmove(b->p + from + 2, b->p + from, b->n - from);
	memcpy(b->p + from, "\\\"", 2);
	b->n += 2;
	buf_put(b, SPAN("\\\""));
}

/* The text of a value, of a string in segments too. */
static const char *
name_put_value(struct buf *b, struct der_item value, enum name_style style)
{
	size_t from = b->n;

	if (value.tag & DER_CONSTRUCTED) {
		value.tag ^= DER_CONSTRUCTED;
		if (!text_is_string(value.tag) || !ber_join(value.body, NULL, &value.body) ||
		    value.body.p == NULL)
			return "RFC 5280 4.1.2.4: an attribute of a name is no character string";
	}
	text_put_latin1(b, value.tag, value.body);
	if (style == NAME_COMMAS)
		name_quote(b, from);
	return text_flaw(value.tag, value.body);
}

/* One attribute: "/CN=x" in a line of slashes, "CN = x" between commas. */
static const char *
name_put_attribute(struct buf *b, struct span body, enum name_style style)
{
	struct der d = der_of(body);
	struct der_item value;
	struct span oid;
	const char *key;

	if (!der_take(&d, DER_OID, &oid) || !der_next(&d, &value))
		return "RFC 5280 4.1.2.4: an attribute of a name cannot be read";
	key = name_short(oid);
	if (key != NULL)
		buf_puts(b, key);
	else
		text_put_oid(b, oid);
	buf_put(b, style == NAME_COMMAS ? SPAN(" = ") : SPAN("="));
	return name_put_value(b, value, style);
}

const char *
name_put_relative(struct buf *b, struct span rdn, enum name_style style)
{
	struct der set = der_of(rdn);
	const char *why = NULL, *bad;
	bool first = true, odd = false;
	struct span attribute;

	while (ber_find(&set, DER_SEQUENCE, &attribute, &odd)) {
		if (style == NAME_SLASHES)
			buf_putc(b, first ? '/' : '+');
		else if (!first)
			buf_put(b, SPAN(" + "));
		bad = name_put_attribute(b, attribute, style);
		why = why != NULL ? why : bad;
		first = false;
	}
	return odd && why == NULL ? "RFC 5280 4.1.2.4: a name holds what is no attribute" : why;
}

const char *
name_put(struct buf *b, struct span name, enum name_style style)
{
	struct der d = der_of(name), rdns;
	const char *why = NULL, *bad;
	bool first = true, odd = false;
	struct span body, rdn;

	if (!ber_find(&d, DER_SEQUENCE, &body, &odd))
		return "RFC 5280 4.1.2.4: a name is no SEQUENCE";
	for (rdns = der_of(body); ber_find(&rdns, DER_SET, &rdn, &odd);) {
		if (style == NAME_COMMAS && !first)
			buf_put(b, SPAN(", "));
		bad = name_put_relative(b, rdn, style);
		why = why != NULL ? why : bad;
		first = false;
	}
	return odd && why == NULL ? "RFC 5280 4.1.2.4: a name holds what is no attribute" : why;
}
