/*
 * Base64 in blocks of 64 characters. In: base64 text, or bytes. Out: bytes, or
 * base64 text. b64.c holds the reference that it is tested against.
 *
 * VBMI looks each byte up in a table of 64 or 128 in one step, so the tables of
 * b64.c are used here too. Masks keep loads and stores within bounds.
 */
#include "enc/b64_avx512.h"

#ifdef B64_HAS_AVX512

#include <immintrin.h>

#define FOR_VBMI __attribute__((target("avx512f,avx512bw,avx512vbmi")))

enum { CHARACTERS = 64, BYTES = 48 };	/* of a block: its text, and what that encodes */

static const __mmask64 b64_avx512_bytes = ((__mmask64)1 << BYTES) - 1;

FOR_VBMI size_t
b64_avx512_take(uint8_t *out, struct span text, const uint8_t value[128])
{
	/* Picks, of each four bytes that hold 24 bits, the three with bits in them, the highest first. */
	const __m512i order = _mm512_setr_epi32(0x06000102, 0x090a0405, 0x0c0d0e08, 0x16101112,
	    0x191a1415, 0x1c1d1e18, 0x26202122, 0x292a2425, 0x2c2d2e28, 0x36303132, 0x393a3435,
	    0x3c3d3e38, 0, 0, 0, 0);
	const __m512i low = _mm512_loadu_si512(value), high = _mm512_loadu_si512(value + 64);
	size_t at;

	for (at = 0; text.n - at > CHARACTERS; at += CHARACTERS, out += BYTES) {
		__m512i c = _mm512_loadu_si512(text.p + at);
		__m512i v = _mm512_permutex2var_epi8(low, c, high);

		if (_mm512_movepi8_mask(_mm512_or_si512(c, v)) != 0)
			break;
		v = _mm512_maddubs_epi16(v, _mm512_set1_epi32(0x01400140));
		v = _mm512_madd_epi16(v, _mm512_set1_epi32(0x00011000));
		_mm512_mask_storeu_epi8(out, b64_avx512_bytes, _mm512_permutexvar_epi8(order, v));
	}
	return at;
}

FOR_VBMI size_t
b64_avx512_write(uint8_t *out, struct span in, const char alphabet[64])
{
	/* Makes four bytes of each three (second, first, third, second), as sixes wants them. */
	const __m512i order = _mm512_setr_epi32(0x01020001, 0x04050304, 0x07080607, 0x0a0b090a,
	    0x0d0e0c0d, 0x10110f10, 0x13141213, 0x16171516, 0x191a1819, 0x1c1d1b1c, 0x1f201e1f,
	    0x22232122, 0x25262425, 0x28292728, 0x2b2c2a2b, 0x2e2f2d2e);
	/* Where each group of six bits begins in the eight bytes made so. */
	const __m512i sixes = _mm512_set1_epi64(0x3036242a1016040a);
	const __m512i table = _mm512_loadu_si512(alphabet);
	size_t at;

	for (at = 0; in.n - at >= BYTES; at += BYTES, out += CHARACTERS) {
		__m512i v = _mm512_maskz_loadu_epi8(b64_avx512_bytes, in.p + at);

		v = _mm512_multishift_epi64_epi8(sixes, _mm512_permutexvar_epi8(order, v));
		_mm512_storeu_si512(out, _mm512_permutexvar_epi8(v, table));
	}
	return at;
}

#endif
