/*
 * A growing string of bytes. Starts as all zeros ({ 0 }); owned by its holder
 * until bytes_free. Out of memory ends the process, so nothing here fails.
 * Pointers into it die with the next put.
 */
#ifndef LOG_BYTES_H
#define LOG_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
	unsigned char *at;
	size_t len;
	size_t cap;
};

void bytes_free(struct bytes *);
void bytes_reset(struct bytes *);	/* empty; keeps the memory */
void bytes_reserve(struct bytes *, size_t more);

void bytes_put(struct bytes *, const void *from, size_t len);
void bytes_put_text(struct bytes *, const char *text);
void bytes_put_byte(struct bytes *, unsigned char);
/* The low `width` bytes of value, most significant first (RFC 8446 section 3). */
void bytes_put_uint(struct bytes *, uint64_t value, int width);
void bytes_put_base64(struct bytes *, const void *from, size_t len);
void bytes_put_hex(struct bytes *, const void *from, size_t len);
void bytes_printf(struct bytes *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
