/*
 * How large a regular expression is: how many characters it has when what {n} repeats is written out.
 * The time to compile one grows faster than that, up to seconds for a pattern of 28 bytes.
 *
 * Where a pattern is not ASCII alone, the library takes it apart into the bytes of UTF-8. There a character
 * counts as many as it has bytes, in [...] too, and what stands for many counts 3 or more: . and [^a], \W,
 * a range, \h. What stands for hundreds of ranges, as \p{L} does, would count that much and is refused. So is
 * what would be read here in another way than there.
 */
#ifndef CT_WS_FILTER_REGEX_SIZE_H
#define CT_WS_FILTER_REGEX_SIZE_H

#include "base/buf.h"

enum {
	MAX_REGEX_MORE = 128,		/* characters that repetitions may add: keeps compiling near 0.1 s */
	MAX_REGEX_MORE_UTF8 = 64,	/* characters that they may add when the pattern is not all ASCII */
	MAX_REGEX_GROUPS = 16,		/* parentheses inside each other */
};

/*
 * Returns true when pattern is small enough and has nothing that cannot be measured, or false with what
 * is wrong and where, for people, appended to why. utf8 says that pattern has characters beyond ASCII.
 * That the library takes the pattern does not follow. Takes some microseconds.
 */
bool regex_size_check(struct span pattern, bool utf8, struct buf *why);

#endif
