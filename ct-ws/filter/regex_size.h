/*
 * How large a regular expression is: how many characters it has when what {n} repeats is written out.
 * The time to compile one grows faster than that, up to seconds for a pattern of 28 bytes.
 */
#ifndef CT_WS_FILTER_REGEX_SIZE_H
#define CT_WS_FILTER_REGEX_SIZE_H

#include "base/span.h"

enum {
	MAX_REGEX_MORE = 128,		/* characters that repetitions may add: keeps compiling below 0.1 s */
	MAX_REGEX_MORE_UTF8 = 64,	/* characters that they may add when the pattern is not all ASCII */
	MAX_REGEX_GROUPS = 16,		/* parentheses inside each other */
};

/*
 * Returns NULL when pattern is small enough, or else a static text for people that says why it is not.
 * utf8 says that pattern has characters beyond ASCII.
 */
const char *regex_size_wrong(struct span pattern, bool utf8);

#endif
