/*
 * Sixteen bytes compared at once, by the compiler's own vectors: whatever the
 * processor has for that is used, without a line for any one of them, but for
 * the step from a comparison to a number, which x86 has an instruction for.
 */
#ifndef ENC_BLOCK_H
#define ENC_BLOCK_H

#include "base/span.h"

enum { BLOCK = 16 };

typedef uint8_t block __attribute__((vector_size(BLOCK)));

static inline block
block_of(const uint8_t *p)
{
	block v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* The n bytes at p, fewer than a block; the rest is zero. Nothing behind them is read. */
static inline block
block_of_part(const uint8_t *p, size_t n)
{
	uint8_t bytes[BLOCK] = { 0 };

	if (n >= 8) {	/* two runs that overlap, which is all a length between two powers needs */
		memcpy(bytes + n - 8, p + n - 8, 8);
		memcpy(bytes, p, 8);
	} else if (n >= 4) {
		memcpy(bytes + n - 4, p + n - 4, 4);
		memcpy(bytes, p, 4);
	} else if (n > 0) {
		bytes[n - 1] = p[n - 1];
		bytes[n / 2] = p[n / 2];
		bytes[0] = p[0];
	}
	return block_of(bytes);
}

/* Which of the bytes are a quote, a backslash or a control. */
static inline block
block_marks(block v)
{
	return (block)(v == '"') | (block)(v == '\\') | (block)(v < 0x20);
}

/* Likewise, or are not ASCII. */
static inline block
block_marks_or_high(block v)
{
	return block_marks(v) | (block)(v >= 0x80);
}

/* The top bits of eight bytes, that of the first byte in memory lowest. */
static inline unsigned
block_half_bits(uint64_t half)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	half = __builtin_bswap64(half);
#endif
	return (unsigned)((half & 0x8080808080808080) * 0x0002040810204081 >> 56);
}

static inline unsigned
block_bits_plain(block b)
{
	uint64_t half[2];

	memcpy(half, &b, sizeof(half));
	return block_half_bits(half[0]) | block_half_bits(half[1]) << 8;
}

/* A comparison as sixteen bits, that of the first byte lowest. */
static inline unsigned
block_bits(block b)
{
#ifdef __SSE2__
	return (unsigned)__builtin_ia32_pmovmskb128((__attribute__((vector_size(BLOCK))) char)b);
#else
	return block_bits_plain(b);
#endif
}

/* The place of the lowest bit set; bits must not be 0. */
static inline unsigned
block_first(unsigned bits)
{
	return (unsigned)__builtin_ctz(bits);
}

#endif
