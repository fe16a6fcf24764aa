/* Base64 of RFC 4648, with padding. */
#ifndef ENC_B64_H
#define ENC_B64_H

#include "base/buf.h"

/* Returns how many characters n bytes are encoded as. */
static inline size_t
b64_encoded(size_t n)
{
	return (n + 2) / 3 * 4;
}

/* Returns the largest number of bytes that n characters can be decoded to. */
static inline size_t
b64_decoded(size_t n)
{
	return n / 4 * 3;
}

/*
 * Appends in to the buffer as base64: b64_put in the standard alphabet (section
 * 4), b64_put_url in the one with - and _ instead of + and / (section 5).
 */
void b64_put(struct buf *, struct span in);
void b64_put_url(struct buf *, struct span in);

/*
 * Decodes text, in the standard alphabet, at out, which has room for
 * b64_decoded(text.n) bytes and may be text.p itself. Returns the number of
 * bytes. Returns -1 when text is not base64, with out partly overwritten: when
 * its length is not a multiple of 4, or it holds a character outside the
 * alphabet, or padding before its end. The bits that padding leaves over may
 * have any value.
 */
ptrdiff_t b64_take(uint8_t *out, struct span text);

/*
 * Decodes text as b64_take does and appends the bytes to the buffer. Returns
 * true, or false with the buffer as it was when text is not base64.
 */
bool b64_put_decoded(struct buf *, struct span text);

/*
 * Encoding and decoding without wide registers, on every processor: what
 * b64_put and b64_take do where there are none, and the reference that the wide
 * code is tested against. b64_write_plain writes b64_encoded(in.n) characters
 * at out, without a NUL; b64_take_plain has the contract of b64_take.
 */
void b64_write_plain(uint8_t *out, struct span in, const char alphabet[64]);
ptrdiff_t b64_take_plain(uint8_t *out, struct span text);

#endif
