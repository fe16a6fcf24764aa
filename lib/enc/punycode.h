/*
 * Punycode, by which a label of a domain name holds characters beyond ASCII (RFC 3492). What is
 * read and written here is without the "xn--" that an A-label has before it (RFC 5890 2.3.2.1).
 */
#ifndef ENC_PUNYCODE_H
#define ENC_PUNYCODE_H

#include "base/buf.h"

enum { MAX_PUNYCODE = 256 };	/* characters of a label: the cost grows with their square; DNS has 63 */

/*
 * Appends the Punycode of label, which is UTF-8, to b. Characters of ASCII are copied as they are.
 * Returns true; or false, with b unchanged, when label is not UTF-8 or longer than MAX_PUNYCODE.
 */
bool punycode_encode(struct buf *b, struct span label);

/*
 * Appends to b, as UTF-8, the label that text is the Punycode of. Returns true; or false, with b
 * unchanged, when text is not Punycode, stands for a number that is not a character, or is longer
 * than MAX_PUNYCODE bytes.
 */
bool punycode_decode(struct buf *b, struct span text);

#endif
