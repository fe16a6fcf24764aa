/* Bytes that a test writes as text, in hexadecimal or base64. */
#ifndef HEX_H
#define HEX_H

#include "base/arena.h"
#include "enc/b64.h"

/* Returns true when text is the bytes of s in lowercase hexadecimal. */
static inline bool
hex_is(struct span s, const char *text)
{
	static const char digits[] = "0123456789abcdef";

	if (strlen(text) != 2 * s.n)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (text[2 * i] != digits[s.p[i] >> 4] || text[2 * i + 1] != digits[s.p[i] & 15])
			return false;
	return true;
}

/* Returns the bytes that base64 text stands for, in the arena; an empty span when it is not base64. */
static inline struct span
hex_b64(struct arena *a, struct span text)
{
	uint8_t *p = arena_take(a, b64_decoded(text.n) + 1);
	ptrdiff_t n = b64_take(p, text);

	return span_of(p, n > 0 ? (size_t)n : 0);
}

#endif
