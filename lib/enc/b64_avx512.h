/* Base64 64 characters at a time; b64.c asks for it where the processor has AVX-512 VBMI. */
#ifndef ENC_B64_AVX512_H
#define ENC_B64_AVX512_H

#include "base/span.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define B64_HAS_AVX512 1

/*
 * Decodes from the front of text up to the first block that is not all of the
 * alphabet or is the last; the characters taken, a multiple of 64. value is of
 * each ASCII character, with the top bit set for those that have none. out may
 * be text.p.
 */
size_t b64_avx512_take(uint8_t *out, struct span text, const uint8_t value[128]);

/* Encodes from the front of in, all whole blocks; the bytes taken, a multiple of 48. */
size_t b64_avx512_write(uint8_t *out, struct span in, const char alphabet[64]);

#endif
#endif
