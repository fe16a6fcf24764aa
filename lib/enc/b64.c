/*
 * Base64 (RFC 4648). In: bytes, or base64 text. Out: base64 text, or bytes. The
 * code here looks characters up in a table and runs on every processor; where the
 * processor has wide registers, b64_avx2.c and b64_avx512.c do most of the work.
 */
#include "enc/b64.h"

#include "enc/b64_avx2.h"
#include "enc/b64_avx512.h"

static const char b64_alphabet[64] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char b64_alphabet_url[64] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The six bits that each character stands for; 0x80 for bytes outside the alphabet. */
static const uint8_t b64_value[256] = {
#define X4 0x80, 0x80, 0x80, 0x80
#define X16 X4, X4, X4, X4
	X16, X16,
	X4, X4, 0x80, 0x80, 0x80, 62, 0x80, 0x80, 0x80, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 0x80, 0x80, X4,
	0x80, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 0x80, X4,
	0x80, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 0x80, X4,
	X16, X16, X16, X16, X16, X16, X16, X16,
#undef X16
#undef X4
};

/*
 * Encodes the front of in by the widest code that this processor has. Returns the bytes of in that
 * are left, and moves *out behind the characters written.
 */
static struct span
b64_write_wide(uint8_t **out, struct span in, const char *alphabet)
{
	size_t n = 0;

	(void)alphabet;		/* unused where the compiler can build neither */
#ifdef B64_HAS_AVX512
	if (__builtin_cpu_supports("avx512vbmi"))
		n = b64_avx512_write(*out, in, alphabet);
#endif
#ifdef B64_HAS_AVX2
	if (__builtin_cpu_supports("avx2"))
		n += b64_avx2_write(*out + n / 3 * 4, span_from(in, n), alphabet);
#endif
	*out += n / 3 * 4;
	return span_from(in, n);
}

void
b64_write_plain(uint8_t *out, struct span in, const char alphabet[64])
{
	const uint8_t *p = in.p;
	size_t n = in.n;
	uint32_t v;

	for (; n >= 3; n -= 3, p += 3, out += 4) {
		v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
		out[0] = (uint8_t)alphabet[v >> 18];
		out[1] = (uint8_t)alphabet[v >> 12 & 63];
		out[2] = (uint8_t)alphabet[v >> 6 & 63];
		out[3] = (uint8_t)alphabet[v & 63];
	}
	if (n == 0)
		return;
	v = (uint32_t)p[0] << 16 | (n == 2 ? (uint32_t)p[1] << 8 : 0);
	out[0] = (uint8_t)alphabet[v >> 18];
	out[1] = (uint8_t)alphabet[v >> 12 & 63];
	out[2] = n == 2 ? (uint8_t)alphabet[v >> 6 & 63] : '=';
	out[3] = '=';
}

/* Decodes the last four characters, which may be padded. Returns the bytes written, or -1. */
static ptrdiff_t
b64_last(uint8_t *out, const uint8_t *t)
{
	unsigned pad = t[3] != '=' ? 0 : t[2] != '=' ? 1 : 2;
	uint8_t a = b64_value[t[0]], b = b64_value[t[1]];
	uint8_t c = pad < 2 ? b64_value[t[2]] : 0, d = pad < 1 ? b64_value[t[3]] : 0;

	if ((a | b | c | d) & 0x80)
		return -1;
	out[0] = (uint8_t)(a << 2 | b >> 4);
	if (pad < 2)
		out[1] = (uint8_t)(b << 4 | c >> 2);
	if (pad < 1)
		out[2] = (uint8_t)(c << 6 | d);
	return 3 - (ptrdiff_t)pad;
}

ptrdiff_t
b64_take_plain(uint8_t *out, struct span text)
{
	const uint8_t *t = text.p, *last;
	uint8_t *o = out, bad = 0, a, b, c, d;
	ptrdiff_t tail;

	if (text.n % 4 != 0)
		return -1;
	if (text.n == 0)
		return 0;
	for (last = t + text.n - 4; t < last; t += 4, o += 3) {
		a = b64_value[t[0]];
		b = b64_value[t[1]];
		c = b64_value[t[2]];
		d = b64_value[t[3]];
		bad |= a | b | c | d;
		o[0] = (uint8_t)(a << 2 | b >> 4);
		o[1] = (uint8_t)(b << 4 | c >> 2);
		o[2] = (uint8_t)(c << 6 | d);
	}
	if (bad & 0x80)
		return -1;
	tail = b64_last(o, last);
	return tail < 0 ? -1 : o - out + tail;
}

ptrdiff_t
b64_take(uint8_t *out, struct span text)
{
	size_t wide = 0;
	ptrdiff_t rest;

#ifdef B64_HAS_AVX512
	if (__builtin_cpu_supports("avx512vbmi"))
		wide = b64_avx512_take(out, text, b64_value);
#endif
#ifdef B64_HAS_AVX2
	if (__builtin_cpu_supports("avx2"))
		wide += b64_avx2_take(out + wide / 4 * 3, span_from(text, wide));
#endif
	rest = b64_take_plain(out + wide / 4 * 3, span_from(text, wide));
	return rest < 0 ? -1 : rest + (ptrdiff_t)(wide / 4 * 3);
}

static void
b64_put_in(struct buf *b, struct span in, const char *alphabet)
{
	size_t n = b64_encoded(in.n);
	uint8_t *out = buf_reserve(b, n);
	struct span rest = b64_write_wide(&out, in, alphabet);

	b64_write_plain(out, rest, alphabet);
	buf_commit(b, n);
}

void
b64_put(struct buf *b, struct span in)
{
	b64_put_in(b, in, b64_alphabet);
}

void
b64_put_url(struct buf *b, struct span in)
{
	b64_put_in(b, in, b64_alphabet_url);
}

bool
b64_put_decoded(struct buf *b, struct span text)
{
	ptrdiff_t n = b64_take(buf_reserve(b, b64_decoded(text.n)), text);

	if (n < 0)
		return false;
	buf_commit(b, (size_t)n);
	return true;
}
