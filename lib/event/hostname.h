/* Tells common names that are host names from those that are names of people or products. */
#ifndef EVENT_HOSTNAME_H
#define EVENT_HOSTNAME_H

#include "base/span.h"

/*
 * Returns true when text, the inside of a JSON string in UTF-8, looks like a host
 * name: two labels or more with full stops between them. A label is one or more
 * letters, digits, hyphens, underscores, asterisks, control characters (as they are
 * or as JSON escapes) and characters beyond ASCII; the last one is not a number,
 * which would make an IPv4 address. Full stops are ASCII's, the three others that
 * IDNA accepts (RFC 3490 section 3.1), and U+2024 and U+FE52, which Unicode
 * normalization turns into ASCII's. Further full stops in any place, and spaces
 * around the name, make no difference. The test is wide on purpose, so that a name
 * cannot be hidden by misspelling it.
 */
bool hostname_is(struct span text);

#endif
