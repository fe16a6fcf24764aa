/* Characters in lower case: the simple mapping of Unicode, one character for one. */
#ifndef ENC_LOWER_H
#define ENC_LOWER_H

#include "base/buf.h"

/* Returns the lower-case form of the character c, or c when it has none. */
uint32_t lower_of(uint32_t c);

/* Takes the first character off the front of *s, which must be UTF-8 and not empty, and returns it. */
uint32_t lower_take(struct span *s);

/*
 * Appends s to b with each character in lower case. A byte that is not part of UTF-8 is copied.
 * The characters are as many as before, but they may take another number of bytes.
 */
void lower_put(struct buf *b, struct span s);

#endif
