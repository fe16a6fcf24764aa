/*
 * A string of bytes that grows as bytes are put at its end. A struct bytes of zeros
 * ({ 0 }) is an empty one. No function here fails: without memory the process ends with
 * 111. Pointers into it are valid until the next put.
 */
#ifndef LOG_BYTES_H
#define LOG_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
	unsigned char *at;	/* owned */
	size_t len;		/* bytes in use */
	size_t cap;		/* bytes allocated */
};

/* Frees the memory; the string is then empty and may be used again. */
void bytes_free(struct bytes *b);
/* Empties the string and keeps its memory. */
void bytes_reset(struct bytes *b);
/* Makes room for `more` further bytes. */
void bytes_reserve(struct bytes *b, size_t more);

/* Append to b: the len bytes at from, the C string text without its NUL, one byte. */

void bytes_put(struct bytes *b, const void *from, size_t len);
void bytes_put_text(struct bytes *b, const char *text);
void bytes_put_byte(struct bytes *b, unsigned char byte);
/* Appends the lowest `width` bytes of value, the highest first (RFC 8446 section 3). */
void bytes_put_uint(struct bytes *b, uint64_t value, int width);
/* Append the len bytes at from in base64, or in lower-case hex; or what printf makes of fmt. */
void bytes_put_base64(struct bytes *b, const void *from, size_t len);
void bytes_put_hex(struct bytes *b, const void *from, size_t len);
void bytes_printf(struct bytes *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
