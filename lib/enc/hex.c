/*
 * Bytes as hexadecimal digits.
 *
 * in: bytes
 * out: two digits for each
 */
#include "enc/hex.h"

void
hex_write(char *out, struct span bytes)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < bytes.n; i++) {
		*out++ = digits[bytes.p[i] >> 4];
		*out++ = digits[bytes.p[i] & 15];
	}
}

void
hex_put(struct buf *out, struct span bytes)
{
	size_t n = 2 * bytes.n;

	hex_write((char *)buf_reserve(out, n), bytes);
	buf_commit(out, n);
}
