/*
 * Shows values of ASN.1 as text. In: contents octets. Out: UTF-8 for the inside of
 * a JSON string. Standards: X.690 section 8.19 (OIDs), RFC 5280 section 4.1.2.4
 * (strings), RFC 5952 (IPv6 addresses).
 */
#include "enc/text.h"

#include "base/utf8.h"
#include "enc/der.h"
#include "enc/json_put.h"

bool
text_is_string(uint8_t tag)
{
	switch (tag) {
	case DER_UTF8_STRING:
	case DER_NUMERIC_STRING:
	case DER_PRINTABLE_STRING:
	case DER_T61_STRING:
	case DER_IA5_STRING:
	case DER_VISIBLE_STRING:
	case DER_UNIVERSAL_STRING:
	case DER_BMP_STRING:
		return true;
	}
	return false;
}

static void
text_put_char(struct buf *b, uint32_t c)
{
	uint8_t out[4];

	json_put_inner(b, span_of(out, utf8_write(out, c)));
}

/*
 * Takes the next character of a BMPString (UTF-16) or, with wide, of a UniversalString (UTF-32) off
 * *s. *c may be a lone surrogate or too large. Returns false when less than a character is left.
 */
static bool
text_take_char(struct span *s, bool wide, uint32_t *c)
{
	uint32_t pair = 0;

	if (s->n < (wide ? 4 : 2))
		return false;
	*c = (uint32_t)s->p[0] << 8 | s->p[1];
	if (wide)
		*c = *c << 16 | (uint32_t)s->p[2] << 8 | s->p[3];
	else if (s->n >= 4)
		pair = utf8_of_pair(*c, (uint32_t)s->p[2] << 8 | s->p[3]);
	if (pair != 0)
		*c = pair;
	*s = span_from(*s, wide || pair != 0 ? 4 : 2);
	return true;
}

static void
text_put_chars(struct buf *b, struct span s, bool wide)
{
	uint32_t c;

	while (text_take_char(&s, wide, &c))
		text_put_char(b, c);
}

/* A BMPString without the NUL that some encoders put at its end. */
static struct span
text_without_nul(struct span s)
{
	if (s.n >= 2 && s.p[s.n - 1] == 0 && s.p[s.n - 2] == 0)
		s.n -= 2;
	return s;
}

/* Returns true when s is whole characters, and no bytes are left behind the last. */
static bool
text_is_whole(struct span s, bool wide)
{
	uint32_t c;

	while (text_take_char(&s, wide, &c))
		if (c > 0x10ffff || utf8_is_surrogate(c))
			return false;
	return s.n == 0;
}

const char *
text_flaw(uint8_t tag, struct span body)
{
	if (tag == DER_UTF8_STRING && !utf8_is(body))
		return "X.690 8.23: a UTF8String is not UTF-8";
	if (tag == DER_BMP_STRING && !text_is_whole(body, false))
		return "X.690 8.23: a BMPString is not UTF-16";
	if (tag == DER_UNIVERSAL_STRING && !text_is_whole(body, true))
		return "X.690 8.23: a UniversalString is not UTF-32";
	return NULL;
}

const char *
text_put_string(struct buf *b, uint8_t tag, struct span body)
{
	if (tag == DER_BMP_STRING)
		text_put_chars(b, text_without_nul(body), false);
	else if (tag == DER_UNIVERSAL_STRING)
		text_put_chars(b, body, true);
	else if (json_put_inner(b, body))
		return NULL;
	else if (tag != DER_UTF8_STRING)
		return "X.690 8.23: a string holds bytes that are not UTF-8";
	return text_flaw(tag, body);
}

const char *
text_put_latin1(struct buf *b, uint8_t tag, struct span body)
{
	bool claims = tag == DER_UTF8_STRING || tag == DER_BMP_STRING || tag == DER_UNIVERSAL_STRING;

	if (claims || utf8_is(body))
		return text_put_string(b, tag, body);
	for (size_t i = 0; i < body.n; i++)
		text_put_char(b, body.p[i]);
	return NULL;
}

/* The two hex digits of byte i are at 2 * i. */
#define ROW(c) c "0" c "1" c "2" c "3" c "4" c "5" c "6" c "7" c "8" c "9"
static const char text_hex_upper[] =
#define ROW_UP(c) ROW(c) c "A" c "B" c "C" c "D" c "E" c "F"
    ROW_UP("0") ROW_UP("1") ROW_UP("2") ROW_UP("3") ROW_UP("4") ROW_UP("5") ROW_UP("6") ROW_UP("7")
    ROW_UP("8") ROW_UP("9") ROW_UP("A") ROW_UP("B") ROW_UP("C") ROW_UP("D") ROW_UP("E") ROW_UP("F");
static const char text_hex_lower[] =
#define ROW_LOW(c) ROW(c) c "a" c "b" c "c" c "d" c "e" c "f"
    ROW_LOW("0") ROW_LOW("1") ROW_LOW("2") ROW_LOW("3") ROW_LOW("4") ROW_LOW("5") ROW_LOW("6")
    ROW_LOW("7") ROW_LOW("8") ROW_LOW("9") ROW_LOW("a") ROW_LOW("b") ROW_LOW("c") ROW_LOW("d")
    ROW_LOW("e") ROW_LOW("f");

static uint8_t *
text_write_hex_with(uint8_t *o, struct span s, const char *digits)
{
	for (size_t i = 0; i < s.n; i++) {
		if (i > 0)
			*o++ = ':';
		memcpy(o, digits + 2 * s.p[i], 2);
		o += 2;
	}
	return o;
}

static void
text_put_hex_with(struct buf *b, struct span s, const char *digits)
{
	uint8_t *from = buf_reserve(b, s.n * 3);

	buf_commit(b, (size_t)(text_write_hex_with(from, s, digits) - from));
}

void
text_put_hex(struct buf *b, struct span bytes)
{
	text_put_hex_with(b, bytes, text_hex_lower);
}

void
text_put_hex_run(struct buf *b, struct span s)
{
	uint8_t *o = buf_reserve(b, s.n * 2);

	for (size_t i = 0; i < s.n; i++)
		memcpy(o + 2 * i, text_hex_upper + 2 * s.p[i], 2);
	buf_commit(b, s.n * 2);
}

void
text_put_hex_upper(struct buf *b, struct span bytes)
{
	text_put_hex_with(b, bytes, text_hex_upper);
}

void
text_write_hex_upper(uint8_t *out, struct span bytes)
{
	text_write_hex_with(out, bytes, text_hex_upper);
}

/*
 * Appends a number in decimal, by repeated division. digit holds its n digits to the given base, at
 * most 64, the highest first; it is overwritten.
 */
static void
text_put_decimal(struct buf *b, uint8_t *digit, size_t n, unsigned base)
{
	uint8_t out[150];
	size_t k = sizeof(out), first = 0;
	unsigned rest;

	do {
		rest = 0;
		for (size_t i = first; i < n; i++) {
			rest = rest * base + digit[i];
			digit[i] = (uint8_t)(rest / 10);
			rest %= 10;
		}
		out[--k] = (uint8_t)('0' + rest);
		while (first < n && digit[first] == 0)
			first++;
	} while (first < n);
	buf_put(b, span_of(out + k, sizeof(out) - k));
}

/*
 * Appends an arc that 64 bits cannot hold; UUIDs under 2.25 have 128. The n bytes are its base-128
 * digits, n at most 64. less is what is subtracted from it: 80 in the first arc, which holds two.
 */
static void
text_put_big_arc(struct buf *b, const uint8_t *bytes, size_t n, unsigned less)
{
	uint8_t digit[64];
	unsigned rest;

	for (size_t i = n; i-- > 0;) {
		rest = less;
		less = (bytes[i] & 0x7f) < rest;
		digit[i] = (uint8_t)(((bytes[i] & 0x7f) - rest) & 0x7f);
	}
	text_put_decimal(b, digit, n, 128);
}

/*
 * Reads the arc at the front of s. Returns how many bytes it takes, with *v set to its low 64 bits, or 0
 * when it does not end or is longer than 64 bytes.
 */
static size_t
text_arc(struct span s, uint64_t *v)
{
	size_t n = 0;
	uint64_t x = 0;

	do {
		if (n == s.n || n == 64)
			return 0;
		x = x << 7 | (s.p[n] & 0x7f);
	} while (s.p[n++] & 0x80);
	*v = x;
	return n;
}

static bool
text_try_oid(struct buf *b, struct span s)
{
	unsigned less = 0;
	bool first = true, big;
	uint64_t v;
	size_t n;

	if (s.n == 0)
		return false;
	for (; s.n > 0; s = span_from(s, n)) {
		n = text_arc(s, &v);
		big = n > 9;
		if (n == 0 || (first && big && s.p[0] == 0x80))
			return false;
		if (first) {	/* two arcs in one: X.690 8.19.4 */
			less = big || v >= 80 ? 80 : v >= 40 ? 40 : 0;
			buf_put_u64(b, less / 40);
		}
		buf_putc(b, '.');
		if (big)
			text_put_big_arc(b, s.p, n, less);
		else
			buf_put_u64(b, v - less);
		less = 0;
		first = false;
	}
	return true;
}

void
text_put_oid(struct buf *b, struct span body)
{
	size_t was = b->n;

	if (text_try_oid(b, body))
		return;
	b->n = was;
	buf_put(b, SPAN("0."));
	text_put_hex(b, body);
}

void
text_put_hex_integer(struct buf *b, struct span s)
{
	bool negative = s.n > 0 && s.p[0] & 0x80;
	uint8_t *from = buf_reserve(b, s.n * 2 + 2) + 2, *end = from + 2 * s.n, carry = 1, byte;

	for (size_t i = s.n; negative && i-- > 0;) {	/* two's complement, from the last byte */
		byte = (uint8_t)(~s.p[i] + carry);
		carry = carry && byte == 0;
		memcpy(from + 2 * i, text_hex_upper + 2 * byte, 2);
	}
	for (size_t i = 0; !negative && i < s.n; i++)
		memcpy(from + 2 * i, text_hex_upper + 2 * s.p[i], 2);
	while (from < end && *from == '0')
		from++;
	if (from == end)
		*--from = '0';
	if (negative)
		*--from = '-';
	memmove(b->p + b->n, from, (size_t)(end - from));
	buf_commit(b, (size_t)(end - from));
}

void
text_put_hex_magnitude(struct buf *b, struct span s)
{
	size_t last = s.n;
	uint8_t byte;

	if (s.n == 0 || !(s.p[0] & 0x80)) {
		text_put_hex_upper(b, s.n > 1 && s.p[0] == 0 ? span_from(s, 1) : s);
		return;
	}
	while (s.p[last - 1] == 0)	/* ends at the first byte, which is not 0 */
		last--;
	for (size_t i = 0; i < s.n; i++) {
		if (i > 0)
			buf_putc(b, ':');
		byte = (uint8_t)(i < last - 1 ? ~s.p[i] : i == last - 1 ? -s.p[i] : 0);
		text_put_hex_run(b, span_of(&byte, 1));
	}
}

/* Replaces the hex digits behind from, at most 32, by the number in decimal. */
static void
text_make_decimal(struct buf *b, size_t from)
{
	uint8_t digit[32];
	size_t n = b->n - from;

	for (size_t i = 0; i < n; i++)
		digit[i] = (uint8_t)(b->p[from + i] <= '9' ? b->p[from + i] - '0' :
		    b->p[from + i] - 'A' + 10);
	b->n = from;
	text_put_decimal(b, digit, n, 16);
}

void
text_put_integer(struct buf *b, struct span s)
{
	size_t from = b->n + (s.n > 0 && s.p[0] & 0x80), n, prefix;

	text_put_hex_integer(b, s);
	n = b->n - from;
	if (n < 32 || (n == 32 && b->p[from] < '8')) {
		text_make_decimal(b, from);
		return;
	}
	prefix = n % 2 == 0 ? 2 : 3;
	buf_reserve(b, prefix);
	memmove(b->p + from + prefix, b->p + from, n);
	memcpy(b->p + from, "0x0", prefix);
	buf_commit(b, prefix);
}

void
text_put_serial(struct buf *b, struct span s)
{
	size_t from = b->n + (s.n > 0 && s.p[0] & 0x80);	/* behind the sign */

	text_put_hex_integer(b, s);
	if ((b->n - from) % 2 == 0)
		return;
	buf_reserve(b, 1);
	memmove(b->p + from + 1, b->p + from, b->n - from);
	b->p[from] = '0';
	buf_commit(b, 1);
}

/*
 * Returns the length of the longest run of at least two zero groups, the first one among equals, with
 * *from set to where it begins (RFC 5952 section 4.2); 0 when there is none.
 */
static unsigned
text_zero_run(const uint16_t group[8], unsigned *from)
{
	unsigned best = 0, i, k;

	for (i = 0; i < 8; i += k ? k : 1) {
		for (k = 0; i + k < 8 && group[i + k] == 0;)
			k++;
		if (k > best) {
			best = k;
			*from = i;
		}
	}
	return best >= 2 ? best : 0;
}

static void
text_put_ip6(struct buf *b, const uint8_t *p)
{
	uint16_t group[8];
	unsigned from = 0, run;

	for (unsigned i = 0; i < 8; i++)
		group[i] = (uint16_t)(p[2 * i] << 8 | p[2 * i + 1]);
	run = text_zero_run(group, &from);
	for (unsigned i = 0; i < 8; i++) {
		if (run > 0 && i == from) {
			buf_put(b, SPAN("::"));
			i += run - 1;
			continue;
		}
		if (i > 0 && !(run > 0 && i == from + run))
			buf_putc(b, ':');
		buf_putf(b, "%x", group[i]);
	}
}

void
text_put_ip(struct buf *b, struct span s)
{
	static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

	if (s.n == 16 && memcmp(s.p, mapped, 12) == 0)
		s = span_from(s, 12);
	if (s.n == 4) {
		for (unsigned i = 0; i < 4; i++) {
			if (i > 0)
				buf_putc(b, '.');
			buf_put_u64(b, s.p[i]);
		}
	} else if (s.n == 16) {
		text_put_ip6(b, s.p);
	} else {
		text_put_hex(b, s);
	}
}
