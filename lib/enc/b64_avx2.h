/*
 * Base64 in blocks of 32 characters, for processors with AVX2. The caller checks
 * that the processor has it. Each function handles the front of its input and
 * returns how far it came; the caller (b64.c) handles the rest.
 */
#ifndef ENC_B64_AVX2_H
#define ENC_B64_AVX2_H

#include "base/span.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define B64_HAS_AVX2 1	/* defined where the compiler can build this */

/*
 * Decodes text, in the standard alphabet, and writes the bytes to out, which has
 * room for b64_decoded(text.n) bytes and may be text.p. Stops at the first block
 * that holds a character outside the alphabet, and when fewer than 48 characters
 * are left. Returns how many characters were decoded, a multiple of 32.
 */
size_t b64_avx2_take(uint8_t *out, struct span text);

/*
 * Encodes the bytes in and writes the text to out, until fewer than 28 bytes are
 * left. The first 62 characters of alphabet must be those of the standard
 * alphabet. Returns how many bytes were encoded, a multiple of 24.
 */
size_t b64_avx2_write(uint8_t *out, struct span in, const char alphabet[64]);

#endif
#endif
