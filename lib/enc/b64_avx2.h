/*
 * Base64 in blocks of 32 characters, for processors with AVX2. Each function
 * does the front of its input and leaves the rest to b64.c.
 */
#ifndef ENC_B64_AVX2_H
#define ENC_B64_AVX2_H

#include "base/span.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define B64_HAS_AVX2 1

/*
 * Decodes text, in the standard alphabet, at out, which has room for
 * b64_decoded(text.n) bytes and may be text.p. Stops at the first block that
 * holds a character outside the alphabet, and when less than 48 characters are
 * left. Returns how many characters were decoded, a multiple of 32.
 */
size_t b64_avx2_take(uint8_t *out, struct span text);

/*
 * Encodes in at out, until less than 28 bytes are left. The first 62 characters
 * of alphabet are those of the standard alphabet. Returns how many bytes were
 * encoded, a multiple of 24.
 */
size_t b64_avx2_write(uint8_t *out, struct span in, const char alphabet[64]);

#endif
#endif
