/*
 * Reads the query of a URL.
 *
 * in: what stands behind the '?' of a request
 * out: keys and values, decoded where that is asked for
 * standard: RFC 3986 section 2.1 for %xx, and + as HTML forms write a space
 */
#include "ct-ws/http/query.h"

bool
query_next(struct span *rest, struct span *key, struct span *value)
{
	const uint8_t *end, *equals;
	struct span member;

	while (rest->n > 0 && rest->p[0] == '&')
		*rest = span_from(*rest, 1);
	if (rest->n == 0)
		return false;
	end = memchr(rest->p, '&', rest->n);
	member = span_of(rest->p, end == NULL ? rest->n : (size_t)(end - rest->p));
	*rest = span_from(*rest, member.n);
	equals = memchr(member.p, '=', member.n);
	*key = equals == NULL ? member : span_of(member.p, (size_t)(equals - member.p));
	*value = span_from(member, equals == NULL ? member.n : key->n + 1);
	return true;
}

static int
query_hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * Takes one byte off the front of *s, which has some, decoded, where + becomes plus. Returns it, or -1
 * with *s left alone.
 */
static int
query_take(struct span *s, int plus)
{
	int high, low, c = s->p[0];

	if (c != '%') {
		*s = span_from(*s, 1);
		return c == '+' ? plus : c;
	}
	high = s->n < 3 ? -1 : query_hex(s->p[1]);
	low = s->n < 3 ? -1 : query_hex(s->p[2]);
	if (high < 0 || low < 0)
		return -1;
	*s = span_from(*s, 3);
	return high << 4 | low;
}

static size_t
query_put(struct buf *b, struct span encoded, int plus)
{
	struct span rest = encoded;
	size_t before = b->n;
	int c;

	while (rest.n > 0) {
		c = query_take(&rest, plus);
		if (c < 0) {
			b->n = before;
			return encoded.n - rest.n + 1;
		}
		buf_putc(b, (char)c);
	}
	return 0;
}

size_t
query_decode(struct buf *b, struct span encoded)
{
	return query_put(b, encoded, ' ');
}

size_t
query_decode_pattern(struct buf *b, struct span encoded)
{
	return query_put(b, encoded, '+');
}

bool
query_is(struct span encoded, const char *text)
{
	int c;

	for (; encoded.n > 0 && *text != '\0'; text++) {
		c = query_take(&encoded, ' ');
		if (c != (unsigned char)*text)
			return false;
	}
	return encoded.n == 0 && *text == '\0';
}

bool
query_get(struct span query, const char *key, struct buf *b)
{
	struct span name, value;

	buf_reset(b);
	while (query_next(&query, &name, &value)) {
		if (!query_is(name, key))
			continue;
		if (query_decode(b, value) != 0)
			buf_put(b, value);
		return true;
	}
	return false;
}
