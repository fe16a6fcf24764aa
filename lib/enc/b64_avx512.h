/*
 * Base64 in blocks of 64 characters, for processors with AVX-512 VBMI. The caller
 * checks that the processor has it. Each function handles the front of its input
 * and returns how far it came; the caller (b64.c) handles the rest.
 */
#ifndef ENC_B64_AVX512_H
#define ENC_B64_AVX512_H

#include "base/span.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define B64_HAS_AVX512 1	/* defined where the compiler can build this */

/*
 * Decodes text and writes the bytes to out, which has room for
 * b64_decoded(text.n) bytes and may be text.p. value[c] is the six bits that the
 * ASCII character c stands for, or 0x80 or more when c is outside the alphabet.
 * Stops before the last block, which may be padded, and at the first block that
 * holds a character outside the alphabet. Returns how many characters were
 * decoded, a multiple of 64.
 */
size_t b64_avx512_take(uint8_t *out, struct span text, const uint8_t value[128]);

/*
 * Encodes all whole blocks of 48 bytes at the front of in, with the characters of
 * alphabet, and writes the text to out. Returns how many bytes were encoded, a
 * multiple of 48.
 */
size_t b64_avx512_write(uint8_t *out, struct span in, const char alphabet[64]);

#endif
#endif
