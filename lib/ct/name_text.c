/*
 * Distinguished names inside extensions, as OpenSSL prints them. In: a Name.
 * Out: the inside of a JSON string, with all attributes in their order.
 */
#include "ct/name.h"

#include "ct/oid.h"
#include "enc/der.h"
#include "enc/text.h"

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

/* One attribute: "/CN=x" in a line of slashes, "CN = x" between commas. */
static void
name_put_attribute(struct buf *b, struct span body, enum name_style style)
{
	struct der d = der_of(body);
	struct der_item value;
	struct span oid;
	const char *key;
	size_t from;

	if (!der_take(&d, DER_OID, &oid) || !der_next(&d, &value))
		return;
	key = oid_short(oid);
	if (key != NULL)
		buf_puts(b, key);
	else
		text_put_oid(b, oid);
	buf_put(b, style == NAME_COMMAS ? SPAN(" = ") : SPAN("="));
	from = b->n;
	text_put_latin1(b, value.tag, value.body);
	if (style == NAME_COMMAS)
		name_quote(b, from);
}

void
name_put_relative(struct buf *b, struct span rdn, enum name_style style)
{
	struct der set = der_of(rdn);
	struct span attribute;
	bool first = true;

	while (der_take(&set, DER_SEQUENCE, &attribute)) {
		if (style == NAME_SLASHES)
			buf_putc(b, first ? '/' : '+');
		else if (!first)
			buf_put(b, SPAN(" + "));
		name_put_attribute(b, attribute, style);
		first = false;
	}
}

void
name_put(struct buf *b, struct span name, enum name_style style)
{
	struct der d = der_of(name), rdns;
	struct span body, rdn;
	bool first = true;

	if (!der_take(&d, DER_SEQUENCE, &body))
		return;
	for (rdns = der_of(body); der_take(&rdns, DER_SET, &rdn);) {
		if (style == NAME_COMMAS && !first)
			buf_put(b, SPAN(", "));
		name_put_relative(b, rdn, style);
		first = false;
	}
}
