/*
 * Base64 in blocks of 32 characters. In: base64 text, or bytes. Out: bytes, or
 * base64 text. b64.c holds the reference that it is tested against.
 *
 * The alphabet is five runs of ASCII, and within each run a character and its
 * value differ by one number, the shift. When decoding, the high nibble of a
 * character tells its run ('/' needs a test of its own), and two tables, one
 * looked up by the low and one by the high nibble, have a bit in common for
 * characters outside the alphabet. When encoding, the value less 51, or 0 where
 * that would be negative, tells the run; values below 26 need a test of their own.
 */
#include "enc/b64_avx2.h"

#ifdef B64_HAS_AVX2

#include <immintrin.h>

#define FOR_AVX2 __attribute__((target("avx2")))

/* A register with these sixteen bytes in both of its lanes, because shuffles stay within a lane. */
#define BOTH(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

FOR_AVX2 size_t
b64_avx2_take(uint8_t *out, struct span text)
{
	const __m256i by_low = BOTH(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
	    0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
	const __m256i by_high = BOTH(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10,
	    0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
	const __m256i shift = BOTH(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
	const __m256i order = BOTH(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
	const __m256i nibble = _mm256_set1_epi8(0x0f), slash = _mm256_set1_epi8('/');
	size_t at;

	/*
	 * A store writes 32 bytes, of which 24 count, so the output must be the length of 43 characters or
	 * more; and padding, in the last four, is left for b64.c.
	 */
	for (at = 0; text.n - at >= 48; at += 32, out += 24) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(text.p + at));
		__m256i high = _mm256_and_si256(_mm256_srli_epi32(v, 4), nibble);
		__m256i low = _mm256_and_si256(v, nibble);

		if (!_mm256_testz_si256(_mm256_shuffle_epi8(by_low, low),
		    _mm256_shuffle_epi8(by_high, high)))
			break;
		v = _mm256_add_epi8(v, _mm256_shuffle_epi8(shift,
		    _mm256_add_epi8(_mm256_cmpeq_epi8(v, slash), high)));
		v = _mm256_maddubs_epi16(v, _mm256_set1_epi32(0x01400140));
		v = _mm256_madd_epi16(v, _mm256_set1_epi32(0x00011000));
		v = _mm256_shuffle_epi8(v, order);
		v = _mm256_permutevar8x32_epi32(v, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, -1, -1));
		_mm256_storeu_si256((__m256i *)(void *)out, v);
	}
	return at;
}

/* The numbers that turn values into characters, in the order in which encoding numbers the runs. */
FOR_AVX2 static __m256i
b64_avx2_shifts(const char alphabet[64])
{
	const char digit = '0' - 52;

	return BOTH('a' - 26, digit, digit, digit, digit, digit, digit, digit, digit, digit, digit,
	    (char)(alphabet[62] - 62), (char)(alphabet[63] - 63), 'A', 0, 0);
}

FOR_AVX2 size_t
b64_avx2_write(uint8_t *out, struct span in, const char alphabet[64])
{
	const __m256i order = BOTH(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
	const __m256i shift = b64_avx2_shifts(alphabet);
	size_t at;

	/* Each lane loads 16 bytes, of which 12 count. */
	for (at = 0; in.n - at >= 28; at += 24, out += 32) {
		__m256i v = _mm256_set_m128i(
		    _mm_loadu_si128((const __m128i *)(const void *)(in.p + at + 12)),
		    _mm_loadu_si128((const __m128i *)(const void *)(in.p + at))), run;

		v = _mm256_shuffle_epi8(v, order);
		v = _mm256_or_si256(_mm256_mulhi_epu16(_mm256_and_si256(v,
		    _mm256_set1_epi32(0x0fc0fc00)), _mm256_set1_epi32(0x04000040)),
		    _mm256_mullo_epi16(_mm256_and_si256(v, _mm256_set1_epi32(0x003f03f0)),
		    _mm256_set1_epi32(0x01000010)));
		run = _mm256_or_si256(_mm256_subs_epu8(v, _mm256_set1_epi8(51)),
		    _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(26), v),
		    _mm256_set1_epi8(13)));
		v = _mm256_add_epi8(v, _mm256_shuffle_epi8(shift, run));
		_mm256_storeu_si256((__m256i *)(void *)out, v);
	}
	return at;
}

#endif
