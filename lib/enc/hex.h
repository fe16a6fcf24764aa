/* Hexadecimal digits, in lower case. */
#ifndef ENC_HEX_H
#define ENC_HEX_H

#include "base/buf.h"

/* Writes the two digits of each byte of bytes to out, which has room for 2 * bytes.n, without a NUL. */
void hex_write(char *out, struct span bytes);

/* Appends the two digits of each byte of bytes to out. */
void hex_put(struct buf *out, struct span bytes);

#endif
