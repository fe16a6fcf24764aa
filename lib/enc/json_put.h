/* Writes JSON strings (RFC 8259 section 7) at the end of a buffer. */
#ifndef ENC_JSON_PUT_H
#define ENC_JSON_PUT_H

#include "base/buf.h"

/*
 * Appends s as a JSON string with quotes, escaped as Go's encoding/json does
 * with SetEscapeHTML(false): short forms of \b \f \n \r \t, other controls as
 * \u00xx, U+2028 and U+2029 as \u2028 and \u2029, every byte that is not
 * UTF-8 as \ufffd, all else as it is.
 */
void json_put(struct buf *, struct span s);
void json_put_str(struct buf *, const char *s);

/* The inside of json_put, without the quotes. */
void json_put_inner(struct buf *, struct span s);

/*
 * Of the JSON that stands behind from: escapes < > & in its strings, as Go does
 * without SetEscapeHTML(false).
 */
void json_escape_html(struct buf *, size_t from);

#endif
