/*
 * The query of a URL (RFC 3986 section 3.4) as forms write it: members key=value with & between
 * them, in which + stands for a space and %xx for the byte xx. A member without = has an empty
 * value; an empty member is passed over.
 */
#ifndef CT_WS_HTTP_QUERY_H
#define CT_WS_HTTP_QUERY_H

#include "base/buf.h"

/*
 * Takes the next member off the front of *rest, which is at first the whole query without its '?'.
 * Returns true with *key and *value set: both still encoded, and valid as long as the query. Returns
 * false when no member is left.
 */
bool query_next(struct span *rest, struct span *key, struct span *value);

/*
 * Appends encoded to b with + and %xx decoded. Returns 0, or the place of the first % that two hex
 * digits do not follow, counted in bytes of encoded from 1; b then has nothing new.
 */
size_t query_decode(struct buf *b, struct span encoded);

/*
 * Appends encoded, a pattern, to b and returns what query_decode returns, but leaves each + as it is: in a
 * pattern, people write it without an escape.
 */
size_t query_decode_pattern(struct buf *b, struct span encoded);

/* Returns true when encoded, once it is decoded, is the C string text. Allocates nothing. */
bool query_is(struct span encoded, const char *text);

/*
 * Looks for the first member of query whose decoded key is the C string key, and sets *b to its
 * decoded value, or to the value as it stands where that cannot be decoded. Returns true when it is
 * there, or false with *b empty.
 */
bool query_get(struct span query, const char *key, struct buf *b);

#endif
