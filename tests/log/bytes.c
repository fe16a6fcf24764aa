/* The byte string of bytes.h, which doubles its memory when it grows. */
#include "tests/log/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/log/fail.h"

void
bytes_free(struct bytes *b)
{
	free(b->at);
	*b = (struct bytes){ 0 };
}

void
bytes_reset(struct bytes *b)
{
	b->len = 0;
}

void
bytes_reserve(struct bytes *b, size_t more)
{
	size_t cap = b->cap < 64 ? 64 : b->cap;

	if (b->cap - b->len >= more)
		return;
	if (more > SIZE_MAX / 4)
		fail_bug("asked for %zu bytes at once", more);
	while (cap - b->len < more)
		cap *= 2;
	b->at = realloc(b->at, cap);
	if (b->at == NULL)
		fail_world("out of memory for %zu bytes", cap);
	b->cap = cap;
}

void
bytes_put(struct bytes *b, const void *from, size_t len)
{
	if (len == 0)
		return;
	bytes_reserve(b, len);
	memcpy(b->at + b->len, from, len);
	b->len += len;
}

void
bytes_put_text(struct bytes *b, const char *text)
{
	bytes_put(b, text, strlen(text));
}

void
bytes_put_byte(struct bytes *b, unsigned char byte)
{
	bytes_put(b, &byte, 1);
}

void
bytes_put_uint(struct bytes *b, uint64_t value, int width)
{
	bytes_reserve(b, (size_t)width);
	while (width-- > 0)
		b->at[b->len++] = (unsigned char)(value >> 8 * width);
}

void
bytes_put_base64(struct bytes *b, const void *from, size_t len)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = from;
	unsigned char *out;
	size_t i;

	bytes_reserve(b, (len + 2) / 3 * 4);
	out = b->at + b->len;
	for (i = 0; i < len; i += 3, out += 4) {
		uint32_t three = (uint32_t)in[i] << 16;

		if (i + 1 < len)
			three |= (uint32_t)in[i + 1] << 8;
		if (i + 2 < len)
			three |= in[i + 2];
		out[0] = (unsigned char)alphabet[three >> 18];
		out[1] = (unsigned char)alphabet[three >> 12 & 63];
		out[2] = i + 1 < len ? (unsigned char)alphabet[three >> 6 & 63] : '=';
		out[3] = i + 2 < len ? (unsigned char)alphabet[three & 63] : '=';
	}
	b->len += (len + 2) / 3 * 4;
}

void
bytes_put_hex(struct bytes *b, const void *from, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *in = from;
	size_t i;

	for (i = 0; i < len; i++) {
		bytes_put_byte(b, (unsigned char)digits[in[i] >> 4]);
		bytes_put_byte(b, (unsigned char)digits[in[i] & 15]);
	}
}

void
bytes_printf(struct bytes *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		fail_bug("bad format %s", fmt);
	bytes_reserve(b, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf((char *)b->at + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}
