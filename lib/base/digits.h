/* Reads decimal numbers (the digits 0 to 9 of ASCII) at the front of a span. */
#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

#include "base/span.h"

/* Returns true when s begins with a decimal digit. */
static inline bool
digits_has(struct span s)
{
	return s.n > 0 && s.p[0] >= '0' && s.p[0] <= '9';
}

/* Moves the start of *s behind the digits that it begins with, if there are any. */
static inline void
digits_skip(struct span *s)
{
	while (digits_has(*s))
		*s = span_from(*s, 1);
}

/*
 * Takes all digits that *s begins with, leading zeros too. Returns true with
 * the number in *value and *s moved behind them; returns false, with both left
 * alone, when there is no digit or the number does not fit into 64 bits.
 */
static inline bool
digits_take(struct span *s, uint64_t *value)
{
	struct span rest = *s;
	uint64_t v = 0;

	if (!digits_has(rest))
		return false;
	for (; digits_has(rest); rest = span_from(rest, 1)) {
		unsigned digit = rest.p[0] - (unsigned)'0';

		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*s = rest;
	*value = v;
	return true;
}

/*
 * Takes exactly count digits, 0 to 9 of them, off the front of *s; more digits
 * may follow. Returns the number with *s moved behind the digits taken, or -1
 * with *s left alone when *s begins with fewer than count digits.
 */
static inline int
digits_take_few(struct span *s, unsigned count)
{
	struct span rest = *s;
	int v = 0;

	for (; count > 0; count--, rest = span_from(rest, 1)) {
		if (!digits_has(rest))
			return -1;
		v = v * 10 + (rest.p[0] - '0');
	}
	*s = rest;
	return v;
}

#endif
