/*
 * Writes JSON strings (RFC 8259 section 7) at the end of a buffer, escaped as
 * Go's encoding/json does it. The output is valid JSON and valid UTF-8, whatever
 * the bytes of the input.
 */
#ifndef ENC_JSON_PUT_H
#define ENC_JSON_PUT_H

#include "base/buf.h"

/*
 * Append the text s (for json_put_str, a C string) to b as a JSON string, with quotes
 * around it. Quote, backslash, \b, \f, \n, \r and \t get their short escapes; other
 * bytes below 0x20 become \u00xx, U+2028 and U+2029 become \u2028 and \u2029, and each
 * byte that is not part of well-formed UTF-8 becomes \ufffd. All other characters are
 * copied, as with Go's SetEscapeHTML(false).
 */
void json_put(struct buf *b, struct span s);
void json_put_str(struct buf *b, const char *s);

/*
 * Appends s to b as json_put does, but without quotes around it. Returns true when
 * all of s is UTF-8, or false when \ufffd was written for bytes that are not.
 */
bool json_put_inner(struct buf *b, struct span s);

/*
 * Replaces <, > and & by \u003c, \u003e and \u0026, as Go does by default, in the
 * bytes of b from offset `from` to its end.
 */
void json_escape_html(struct buf *b, size_t from);

#endif
