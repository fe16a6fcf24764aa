/*
 * Writes JSON strings (RFC 8259 section 7). In: bytes of any kind. Out: a
 * string that is always valid JSON and valid UTF-8.
 */
#include "enc/json_put.h"

#include "base/utf8.h"
#include "enc/block.h"

/* What follows the backslash in the escape of each byte, 'u' for \u00xx; 0 when it is not escaped. */
static const char json_escape[256] = {
	['"'] = '"', ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
	['\t'] = 't',
	[0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u', [0x04] = 'u', [0x05] = 'u',
	[0x06] = 'u', [0x07] = 'u', [0x0b] = 'u', [0x0e] = 'u', [0x0f] = 'u', [0x10] = 'u',
	[0x11] = 'u', [0x12] = 'u', [0x13] = 'u', [0x14] = 'u', [0x15] = 'u', [0x16] = 'u',
	[0x17] = 'u', [0x18] = 'u', [0x19] = 'u', [0x1a] = 'u', [0x1b] = 'u', [0x1c] = 'u',
	[0x1d] = 'u', [0x1e] = 'u', [0x1f] = 'u',
};

static uint8_t *
json_put_control(uint8_t *o, uint8_t c)
{
	*o++ = '\\';
	*o++ = (uint8_t)json_escape[c];
	if (json_escape[c] == 'u') {
		*o++ = '0';
		*o++ = '0';
		*o++ = (uint8_t)('0' + (c >> 4));
		*o++ = (uint8_t)"0123456789abcdef"[c & 15];
	}
	return o;
}

/* Writes the character of k bytes at p, whose first is above 0x7f; k 0: one byte that is not UTF-8. */
static uint8_t *
json_put_high(uint8_t *o, const uint8_t *p, unsigned k)
{
	if (k == 0) {
		memcpy(o, "\\ufffd", 6);
		return o + 6;
	}
	if (k == 3 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] | 1) == 0xa9) {
		memcpy(o, p[2] == 0xa8 ? "\\u2028" : "\\u2029", 6);
		return o + 6;
	}
	memcpy(o, p, k);
	return o + k;
}

bool
json_put_inner(struct buf *b, struct span s)
{
	const uint8_t *p = s.p, *end = s.n > 0 ? p + s.n : p;
	uint8_t *o = buf_reserve(b, s.n * 6 + BLOCK), *from = o;
	unsigned bits, n;
	bool whole = true;
	size_t left;
	block v;

	while ((left = (size_t)(end - p)) > 0) {
		v = left >= BLOCK ? block_of(p) : block_of_part(p, left);
		bits = block_bits(block_marks_or_high(v));
		n = bits == 0 ? BLOCK : block_first(bits);	/* the zero bytes behind the end are marks */
		memcpy(o, &v, BLOCK);
		o += n;
		p += n;
		if (n == BLOCK || n == left)
			continue;
		if (*p < 0x80) {
			o = json_put_control(o, *p++);
		} else {
			n = utf8_length(span_of(p, (size_t)(end - p)));
			o = json_put_high(o, p, n);
			whole &= n != 0;
			p += n ? n : 1;
		}
	}
	buf_commit(b, (size_t)(o - from));
	return whole;
}

void
json_put(struct buf *b, struct span s)
{
	buf_putc(b, '"');
	json_put_inner(b, s);
	buf_putc(b, '"');
}

static bool
json_is_html(uint8_t c)
{
	return c == '<' || c == '>' || c == '&';
}

void
json_escape_html(struct buf *b, size_t from)
{
	size_t hits = 0, i = b->n, o;

	for (size_t k = from; k < b->n; k++)
		hits += json_is_html(b->p[k]);
	if (hits == 0)
		return;
	buf_reserve(b, 5 * hits);
	b->n = o = b->n + 5 * hits;
	while (i-- > from) {	/* from the end, so that each byte moves once */
		if (!json_is_html(b->p[i])) {
			b->p[--o] = b->p[i];
			continue;
		}
		o -= 6;
		b->p[o + 5] = (uint8_t)"0123456789abcdef"[b->p[i] & 15];
		memcpy(b->p + o, b->p[i] == '&' ? "\\u002" : "\\u003", 5);
	}
}

void
json_put_str(struct buf *b, const char *s)
{
	json_put(b, span_str(s));
}
