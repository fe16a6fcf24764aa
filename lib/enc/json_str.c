/*
 * The characters of a JSON string (RFC 8259 section 7). In: a string as it
 * stands between its quotes. Out: the UTF-8 text that its escapes mean.
 */
#include "enc/json.h"

#include "base/utf8.h"

/* Returns the number that four hexadecimal digits at p are, or -1. */
static int
json_hex4(const uint8_t *p, const uint8_t *end)
{
	int v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		if (p[i] >= '0' && p[i] <= '9')
			v = v << 4 | (p[i] - '0');
		else if ((p[i] | 0x20) >= 'a' && (p[i] | 0x20) <= 'f')
			v = v << 4 | ((p[i] | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return v;
}

/* What follows the backslash in the short escapes, and the character that each means. */
static const char json_letters[] = "\"\\/bfnrt", json_meanings[] = "\"\\/\b\f\n\r\t";

/* Returns where c stands in json_letters, or NULL. */
static const char *
json_letter(uint8_t c)
{
	return c != '\0' ? strchr(json_letters, c) : NULL;
}

size_t
json_escape_length(const uint8_t *p, const uint8_t *end)
{
	if (end - p < 2)
		return 0;
	if (json_letter(p[1]) != NULL)
		return 2;
	return p[1] == 'u' && json_hex4(p + 2, end) >= 0 ? 6 : 0;
}

/*
 * Returns the character whose \u escape begins at *p; of the escape behind it, too, when both are a
 * surrogate pair. Moves *p behind what it has read.
 */
static uint32_t
json_take_unicode(const uint8_t **p, const uint8_t *end)
{
	uint32_t c = (uint32_t)json_hex4(*p + 2, end), pair = 0;

	*p += 6;
	if (end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u')
		pair = utf8_of_pair(c, (uint32_t)json_hex4(*p + 2, end));
	if (pair == 0)
		return c;
	*p += 6;
	return pair;
}

struct span
json_surrogate(struct json_str s)
{
	const uint8_t *p = s.raw.p, *end = p + s.raw.n, *at;
	size_t n = 1;

	while (s.escaped && p < end && n > 0) {
		at = p;
		n = *p == '\\' ? json_escape_length(p, end) : 1;
		if (n <= 2)
			p += n;
		else if (utf8_is_surrogate(json_take_unicode(&p, end)))
			return span_of(at, n);
	}
	return span_of(p, 0);
}

bool
json_is_unescaped(struct json_str s, struct span text)
{
	struct buf b;
	bool same;

	buf_init(&b);
	same = json_unescape(&b, s) && span_eq(buf_span(&b), text);
	buf_free(&b);
	return same;
}

bool
json_unescape(struct buf *b, struct json_str s)
{
	const uint8_t *p = s.raw.p, *end = p + s.raw.n;
	size_t was = b->n, n;
	uint8_t out[4];

	while (p < end) {
		if (*p != '\\') {
			buf_putc(b, (char)*p++);
			continue;
		}
		n = json_escape_length(p, end);
		if (n == 0)
			break;
		if (n > 2) {
			buf_put(b, span_of(out, utf8_write(out, json_take_unicode(&p, end))));
			continue;
		}
		buf_putc(b, json_meanings[json_letter(p[1]) - json_letters]);
		p += 2;
	}
	if (p != end)
		b->n = was;
	return p == end;
}
