/*
 * Writes distinguished names as OpenSSL prints them inside extensions. In: a Name.
 * Out: the inside of a JSON string, with all attributes in their order. Standard: RFC
 * 2253 section 2.4 (escapes).
 */
#include "x509/name.h"

#include "enc/ber.h"
#include "enc/text.h"
#include "x509/oid.h"

/* Returns true when RFC 2253 section 2.4 wants text escaped in a way that OpenSSL does by quotes. */
static bool
name_wants_quotes(struct span text)
{
	if (text.n == 0)
		return false;
	if (text.p[0] == ' ' || text.p[text.n - 1] == ' ' || (text.n > 1 && text.p[0] == '#'))
		return true;
	for (size_t i = 0; i < text.n; i++)
		if (strchr(",+<>;", text.p[i]) != NULL && text.p[i] != '\0')
			return true;
	return false;
}

/*
 * Quotes the text in b from offset `from` on, which is the inside of a JSON string:
 * puts quotes around it if they are needed, and a backslash before each quote and
 * backslash in it. The text is first moved up by as much as it can grow.
 */
static void
name_quote(struct buf *b, size_t from)
{
	struct span text = span_of(b->p + from, b->n - from);
	bool quotes = name_wants_quotes(text);
	const uint8_t *p, *end;

	if (!quotes && memchr(text.p, '\\', text.n) == NULL)
		return;
	buf_reserve(b, text.n + 4);
	p = memmove(b->p + b->n + 4, b->p + from, text.n);
	end = p + text.n;
	b->n = from;
	if (quotes)
		buf_put(b, SPAN("\\\""));
	for (; p < end; p++) {
		if (*p == '\\' && (p[1] == '\\' || p[1] == '"')) {
			buf_put(b, SPAN("\\\\\\"));
			p++;
		}
		buf_putc(b, (char)*p);
	}
	if (quotes)
		buf_put(b, SPAN("\\\""));
}

/* Writes a value that is not a string, as RFC 2253 section 2.4 has it: "#0303020780". */
static void
name_put_dump(struct buf *b, struct span element)
{
	buf_putc(b, '#');
	text_put_hex_run(b, element);
}

/* Writes the value of an attribute in the style NAME_COMMAS. */
static void
name_put_escaped(struct buf *b, const struct der_item *value)
{
	size_t from = b->n;

	if (!text_is_string(value->tag) && value->tag != DER_UTC_TIME &&
	    value->tag != DER_GENERALIZED_TIME) {
		name_put_dump(b, value->whole);
		return;
	}
	text_put_latin1(b, value->tag, value->body);
	name_quote(b, from);
}

/* Writes the value of an attribute, which may be a string in one segment. */
static const char *
name_put_value(struct buf *b, const struct der_item *value, enum name_style style)
{
	struct der_item plain = *value;
	bool odd = false;

	if (value->tag & DER_CONSTRUCTED) {
		plain.tag ^= DER_CONSTRUCTED;
		if (!text_is_string(plain.tag) || !ber_join(value->body, NULL, &plain.body, &odd) ||
		    plain.body.p == NULL) {
			if (style == NAME_COMMAS)
				name_put_dump(b, value->whole);
			return "RFC 5280 4.1.2.4: an attribute of a name is not a character string";
		}
	}
	if (style == NAME_COMMAS)
		name_put_escaped(b, &plain);
	else
		text_put_latin1(b, plain.tag, plain.body);
	return odd ? "X.690 8.23: a segment of an attribute of a name does not have a universal tag" :
	    text_flaw(plain.tag, plain.body);
}

/* Writes one attribute: "CN=x" in the style NAME_SLASHES, "CN = x" in NAME_COMMAS. */
static const char *
name_put_attribute(struct buf *b, struct span body, enum name_style style)
{
	struct der d = der_of(body);
	struct der_item value;
	struct span oid;
	const char *key;

	if (!der_take(&d, DER_OID, &oid) || !der_next(&d, &value))
		return "RFC 5280 4.1.2.4: an attribute of a name cannot be read";
	key = oid_short(oid);
	if (key != NULL)
		buf_puts(b, key);
	else
		text_put_oid(b, oid);
	buf_put(b, style == NAME_COMMAS ? SPAN(" = ") : SPAN("="));
	return name_put_value(b, &value, style);
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
	return odd && why == NULL ?
	    "RFC 5280 4.1.2.4: a name holds an element that is not an attribute" : why;
}

const char *
name_put(struct buf *b, struct span name, enum name_style style)
{
	struct der d = der_of(name), rdns;
	const char *why = NULL, *bad;
	bool first = true, odd = false;
	struct span body, rdn;

	if (!ber_find(&d, DER_SEQUENCE, &body, &odd))
		return "RFC 5280 4.1.2.4: a name is not a SEQUENCE";
	for (rdns = der_of(body); ber_find(&rdns, DER_SET, &rdn, &odd);) {
		if (style == NAME_COMMAS && !first)
			buf_put(b, SPAN(", "));
		bad = name_put_relative(b, rdn, style);
		why = why != NULL ? why : bad;
		first = false;
	}
	return odd && why == NULL ?
	    "RFC 5280 4.1.2.4: a name holds an element that is not an attribute" : why;
}
