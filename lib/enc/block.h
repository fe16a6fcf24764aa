/*
 * Looks at sixteen bytes at once, to find the one that ends a plain stretch of
 * a JSON string. It uses the vector types of the compiler, which become whatever
 * wide registers the processor has; only block_bits has a line for x86 alone.
 *
 *	bits = block_bits(block_marks(block_of(p)));
 *	if (bits != 0) ...the first mark is p[block_first(bits)]...
 */
#ifndef ENC_BLOCK_H
#define ENC_BLOCK_H

#include "base/span.h"

/*
 * On a processor without such registers gcc warns that other compilers may pass a
 * vector to a function in another way. The functions here are static, so both ends
 * of every call are compiled together, and the warning is switched off.
 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"
#endif

enum { BLOCK = 16 };	/* bytes of a block */

typedef uint8_t block __attribute__((vector_size(BLOCK)));

/* Returns the BLOCK bytes at p, which may have any alignment. */
static inline block
block_of(const uint8_t *p)
{
	block v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/*
 * Returns a block of the n bytes at p, n < BLOCK, followed by zero bytes. Bytes
 * behind the n are not read.
 */
static inline block
block_of_part(const uint8_t *p, size_t n)
{
	uint8_t bytes[BLOCK] = { 0 };

	if (n >= 8) {	/* two runs of fixed length, which may overlap, cover any length in between */
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

/*
 * Returns a block in which a byte is 0xff where the byte of v is a quote, a
 * backslash or below 0x20, and 0 elsewhere.
 */
static inline block
block_marks(block v)
{
	return (block)(v == '"') | (block)(v == '\\') | (block)(v < 0x20);
}

/* Returns what block_marks does, with 0xff also where the byte of v is 0x80 or above. */
static inline block
block_marks_or_high(block v)
{
	return block_marks(v) | (block)(v >= 0x80);
}

/* Returns the top bits of eight bytes; bit i is that of the byte at offset i in memory. */
static inline unsigned
block_half_bits(uint64_t half)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	half = __builtin_bswap64(half);
#endif
	return (unsigned)((half & 0x8080808080808080) * 0x0002040810204081 >> 56);
}

/* Returns what block_bits returns, on processors without an instruction for it. */
static inline unsigned
block_bits_plain(block b)
{
	uint64_t half[2];

	memcpy(half, &b, sizeof(half));
	return block_half_bits(half[0]) | block_half_bits(half[1]) << 8;
}

/* Returns the top bits of the sixteen bytes of b: bit i of the result is that of byte i. */
static inline unsigned
block_bits(block b)
{
#ifdef __SSE2__
	return (unsigned)__builtin_ia32_pmovmskb128((__attribute__((vector_size(BLOCK))) char)b);
#else
	return block_bits_plain(b);
#endif
}

/* Returns the index, 0 to 15, of the lowest bit that is set; bits must not be 0. */
static inline unsigned
block_first(unsigned bits)
{
	return (unsigned)__builtin_ctz(bits);
}

#endif
