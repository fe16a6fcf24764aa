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
 * Encode the bytes in and append the text to b. b64_put uses the standard
 * alphabet (section 4), b64_put_url the one that has - and _ instead of + and /
 * (section 5).
 */
void b64_put(struct buf *b, struct span in);
void b64_put_url(struct buf *b, struct span in);

/*
 * Decodes text, in the standard alphabet, and writes the bytes to out, which has
 * room for b64_decoded(text.n) bytes and may be text.p itself. Returns the number
 * of bytes written, or -1 when text is not base64: when its length is not a
 * multiple of 4, or it holds a character outside the alphabet, or padding before
 * its end. In that case out may be partly overwritten. The unused bits in front
 * of padding may have any value.
 */
ptrdiff_t b64_take(uint8_t *out, struct span text);

/*
 * Decodes text as b64_take does and appends the bytes to b. Returns true, or
 * false with b unchanged when text is not base64.
 */
bool b64_put_decoded(struct buf *b, struct span text);

/*
 * Encode and decode without wide registers, on every processor. b64_put and
 * b64_take do this where the processor has none, and the tests compare the wide
 * code with it. b64_write_plain encodes in with the characters of alphabet and
 * writes b64_encoded(in.n) characters to out, without a NUL. b64_take_plain decodes
 * text into out, and returns what b64_take returns.
 */
void b64_write_plain(uint8_t *out, struct span in, const char alphabet[64]);
ptrdiff_t b64_take_plain(uint8_t *out, struct span text);

#endif
