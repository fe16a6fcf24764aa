/* The wide half of b64_take; b64.c asks for it where the processor has AVX2. */
#ifndef ENC_B64_AVX2_H
#define ENC_B64_AVX2_H

#include "base/span.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define B64_HAS_AVX2 1

/*
 * Decodes from the front of text, 32 characters at a time, up to the first
 * block that is not all of the alphabet or is too near the end; returns the
 * characters taken, a multiple of 32. out may be text.p.
 */
size_t b64_avx2_take(uint8_t *out, struct span text);

#endif
#endif
