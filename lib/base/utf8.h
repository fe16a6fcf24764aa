/*
 * UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates and nothing
 * above U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/span.h"

/*
 * Returns the number of bytes, 1 to 4, of the character that s begins with, or
 * 0 when s is empty or does not begin with a well-formed character.
 */
static inline unsigned
utf8_length(struct span s)
{
	const uint8_t *p = s.p;
	unsigned k;

	if (s.n == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	k = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || s.n < k)
		return 0;
	for (unsigned i = 1; i < k; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return k;
}

/*
 * Returns true when the well-formed character at s does more than to be printed: C0 and C1 controls
 * (up to U+001F, U+007F to U+009F) steer a terminal, and U+2028 to U+202E, U+2066 to U+2069 and the
 * marks U+061C, U+200E and U+200F break the line they stand in or change its direction.
 */
bool utf8_is_control(const uint8_t *s);

/* Moves the start of *s behind the well-formed characters that it begins with. */
static inline void
utf8_skip(struct span *s)
{
	uint64_t eight;
	unsigned k;

	for (; s->n > 0; *s = span_from(*s, k)) {
		if (s->n >= 8) {	/* most text is ASCII, which is checked eight bytes at a time */
			memcpy(&eight, s->p, 8);
			k = 8;
			if ((eight & 0x8080808080808080) == 0)
				continue;
		}
		if ((k = utf8_length(*s)) == 0)
			return;
	}
}

/* Returns true when all of s is well-formed UTF-8, or s is empty. */
static inline bool
utf8_is(struct span s)
{
	utf8_skip(&s);
	return s.n == 0;
}

/* How a text that comes in pieces has ended so far. All zero before its first piece. */
struct utf8_end {
	uint8_t p[4];	/* the beginning of a character whose other bytes have not come */
	uint8_t n;	/* bytes of it; 0 where the text may end here */
};

/*
 * Takes the next piece of a text, of any length. Returns true when the text may go on. Returns
 * false as soon as no further bytes could make it well-formed; it must not be called again then.
 */
bool utf8_take(struct utf8_end *end, struct span piece);

/* Returns true when c is a surrogate, U+D800 to U+DFFF, which is not a character. */
static inline bool
utf8_is_surrogate(uint32_t c)
{
	return c >= 0xd800 && c < 0xe000;
}

/*
 * Returns the character that the surrogates high and low, two units of UTF-16,
 * encode together (RFC 2781 section 2.2). Returns 0 when high is not a high
 * surrogate or low is not a low one.
 */
static inline uint32_t
utf8_of_pair(uint32_t high, uint32_t low)
{
	if (high < 0xd800 || high >= 0xdc00 || low < 0xdc00 || low >= 0xe000)
		return 0;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/*
 * Writes the character c at out and returns how many bytes it takes, 1 to 4.
 * A surrogate, or a number above U+10FFFF, is written as U+FFFD.
 */
unsigned utf8_write(uint8_t out[4], uint32_t c);

#endif
