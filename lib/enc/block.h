/*
 * Sixteen bytes compared at once, by the compiler's own vectors: whatever the
 * processor has for that is used, without a line for any one of them.
 */
#ifndef ENC_BLOCK_H
#define ENC_BLOCK_H

#include "base/span.h"

typedef uint8_t block __attribute__((vector_size(16)));

/* Non-zero bytes where the 16 bytes at p hold a quote, a backslash or a control. */
static inline block
block_marks(const uint8_t *p)
{
	block v;

	memcpy(&v, p, sizeof(v));
	return (block)(v == '"') | (block)(v == '\\') | (block)(v < 0x20);
}

/* The same, and where they are not ASCII. */
static inline block
block_marks_or_high(const uint8_t *p)
{
	block v;

	memcpy(&v, p, sizeof(v));
	return block_marks(p) | (block)(v >= 0x80);
}

static inline bool
block_is_zero(block b)
{
	uint64_t half[2];

	memcpy(half, &b, sizeof(half));
	return (half[0] | half[1]) == 0;
}

/* The place of the first non-zero byte, where there is one; non-zero means all bits. */
static inline unsigned
block_first(block b)
{
	uint64_t half[2];

	memcpy(half, &b, sizeof(half));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return half[0] != 0 ? (unsigned)__builtin_ctzll(half[0]) / 8 :
	    8 + (unsigned)__builtin_ctzll(half[1]) / 8;
#else
	return half[0] != 0 ? (unsigned)__builtin_clzll(half[0]) / 8 :
	    8 + (unsigned)__builtin_clzll(half[1]) / 8;
#endif
}

#endif
