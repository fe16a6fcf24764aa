/*
 * How large a regular expression is: how many characters it names, counted as often as {n} repeats
 * them. The time to compile one grows with that, up to seconds for a pattern of 20 bytes.
 */
#ifndef CT_WS_FILTER_REGEX_SIZE_H
#define CT_WS_FILTER_REGEX_SIZE_H

#include "base/span.h"

enum {
	MAX_REGEX_SIZE = 256,	/* a name has 253 characters at most */
	MAX_REGEX_GROUPS = 16,	/* parentheses inside each other */
};

/* Returns NULL when pattern is small enough, or why not, a static text for people. */
const char *regex_size_wrong(struct span pattern);

#endif
