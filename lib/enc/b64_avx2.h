/* Base64 32 characters at a time; b64.c asks for it where the processor has AVX2. */
#ifndef ENC_B64_AVX2_H
#define ENC_B64_AVX2_H

#include "base/span.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define B64_HAS_AVX2 1

/*
 * Decodes from the front of text up to the first block that is not all of the
 * alphabet or is too near the end; the characters taken, a multiple of 32. out
 * may be text.p.
 */
size_t b64_avx2_take(uint8_t *out, struct span text);

/* Encodes from the front of in up to near its end; the bytes taken, a multiple of 24. */
size_t b64_avx2_write(uint8_t *out, struct span in, const char alphabet[64]);

#endif
#endif
