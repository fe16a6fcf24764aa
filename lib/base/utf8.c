/*
 * Checks UTF-8 that comes in pieces, and writes it. In: the pieces of a text, cut anywhere; a
 * character. Out: whether the text can still become well-formed, as utf8.h defines it; the bytes of
 * the character, and whether it steers what shows it.
 */
#include "base/utf8.h"

/*
 * Returns true when s, of 1 to 3 bytes, is the beginning of a character that is longer. The bounds
 * of a second byte leave out either low values or high ones, so one of the two ends is well-formed
 * where any is.
 */
static bool
utf8_can_begin(struct span s)
{
	static const uint8_t ends[] = { 0x80, 0xbf };

	for (size_t i = 0; i < sizeof(ends); i++) {
		uint8_t whole[4];

		memset(whole, ends[i], sizeof(whole));
		memcpy(whole, s.p, s.n);
		if (utf8_length(span_of(whole, sizeof(whole))) > s.n)
			return true;
	}
	return false;
}

bool
utf8_take(struct utf8_end *end, struct span piece)
{
	while (end->n > 0 && piece.n > 0) {
		end->p[end->n++] = piece.p[0];
		piece = span_from(piece, 1);
		if (utf8_length(span_of(end->p, end->n)) == end->n)
			end->n = 0;
		else if (end->n == 4 || !utf8_can_begin(span_of(end->p, end->n)))
			return false;
	}
	utf8_skip(&piece);
	if (piece.n == 0)
		return true;
	if (piece.n > 3 || !utf8_can_begin(piece))
		return false;
	memcpy(end->p, piece.p, piece.n);
	end->n = (uint8_t)piece.n;
	return true;
}

unsigned
utf8_write(uint8_t out[4], uint32_t c)
{
	if (c > 0x10ffff || utf8_is_surrogate(c))
		c = 0xfffd;
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (uint8_t)(0xc0 | c >> 6);
		out[1] = (uint8_t)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (uint8_t)(0xe0 | c >> 12);
		out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		out[2] = (uint8_t)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | c >> 18);
	out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	out[3] = (uint8_t)(0x80 | (c & 0x3f));
	return 4;
}

bool
utf8_is_control(const uint8_t *s)
{
	if (s[0] < 0x80)
		return s[0] < 0x20 || s[0] == 0x7f;
	if (s[0] == 0xc2)
		return s[1] < 0xa0;
	if (s[0] == 0xd8)
		return s[1] == 0x9c;
	if (s[0] != 0xe2)
		return false;
	return (s[1] == 0x80 && (s[2] == 0x8e || s[2] == 0x8f)) ||
	    (s[1] == 0x80 && s[2] >= 0xa8 && s[2] <= 0xae) ||
	    (s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9);
}
