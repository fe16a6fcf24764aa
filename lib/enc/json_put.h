/*
 * Writes JSON strings (RFC 8259 section 7) at the end of a buffer, escaped as
 * Go's encoding/json does it. What is written is valid JSON and valid UTF-8,
 * whatever the bytes.
 */
#ifndef ENC_JSON_PUT_H
#define ENC_JSON_PUT_H

#include "base/buf.h"

/*
 * Append s as a string, with its quotes. Quote, backslash, \b, \f, \n, \r and
 * \t get their short escapes; other bytes below 0x20 become \u00xx, U+2028 and
 * U+2029 become \u2028 and \u2029, and each byte that is not well-formed UTF-8
 * becomes \ufffd. All else stays as it is, as with Go's SetEscapeHTML(false).
 */
void json_put(struct buf *, struct span s);
void json_put_str(struct buf *, const char *s);

/*
 * Appends what json_put does, but for the quotes. Returns true, or false when s
 * holds bytes that are not UTF-8, in whose place \ufffd now stands.
 */
bool json_put_inner(struct buf *, struct span s);

/*
 * Escapes <, > and & as \u003c, \u003e and \u0026, as Go does by default, in the
 * JSON that the buffer holds from byte from on.
 */
void json_escape_html(struct buf *, size_t from);

#endif
