/* Base64 of RFC 4648 section 4: standard alphabet, with padding. */
#ifndef ENC_B64_H
#define ENC_B64_H

#include "base/buf.h"

/* Bytes that n bytes become, and the most that n characters can become. */
static inline size_t
b64_encoded(size_t n)
{
	return (n + 2) / 3 * 4;
}

static inline size_t
b64_decoded(size_t n)
{
	return n / 4 * 3;
}

/* Writes exactly b64_encoded(in.n) characters at out, no NUL. */
void b64_write(uint8_t *out, struct span in);

/*
 * Decodes text at out, which has room for b64_decoded(text.n) bytes and may
 * be text.p itself. Returns the number of bytes, or -1 when text is not
 * canonical base64: a length that is no multiple of 4, a foreign character,
 * padding anywhere but at the end. Bits left over under padding are ignored.
 */
ptrdiff_t b64_take(uint8_t *out, struct span text);

/* The same, character by character on any processor: the reference for the wide ones. */
void b64_write_plain(uint8_t *out, struct span in, const char alphabet[64]);
ptrdiff_t b64_take_plain(uint8_t *out, struct span text);

/* The same at the end of a buffer. */
void b64_put(struct buf *, struct span in);
void b64_put_url(struct buf *, struct span in);	/* section 5: - and _ for + and / */
bool b64_put_decoded(struct buf *, struct span text);	/* false: not base64, nothing added */

#endif
