/*
 * How large a regular expression is: how many characters it has when what {n} repeats is written out.
 * The time to compile one grows faster than that, up to seconds for a pattern of 28 bytes.
 */
#ifndef CT_WS_FILTER_REGEX_SIZE_H
#define CT_WS_FILTER_REGEX_SIZE_H

#include "base/span.h"

enum {
	MAX_REGEX_MORE = 128,		/* characters that are added: keeps compiling below 0.1 s */
	MAX_REGEX_MORE_UTF8 = 64,	/* the same when it is not all ASCII */
	MAX_REGEX_GROUPS = 16,		/* parentheses inside each other */
};

/*
 * Returns NULL when pattern, which has characters beyond ASCII or not, is small enough; or why it is
 * not, a static text for people.
 */
const char *regex_size_wrong(struct span pattern, bool utf8);

#endif
