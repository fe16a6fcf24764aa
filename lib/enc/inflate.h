/*
 * Undoes DEFLATE (RFC 1951), without the framing of zlib or gzip, piece by piece. isa-l does it
 * where the build has found it, and zlib where not; both give the same bytes. What comes in is not
 * trusted. Among blocks that RFC 1951 does not allow, isa-l reads some that zlib calls damaged:
 * those whose codes are incomplete, as long as what they lack is not used.
 */
#ifndef ENC_INFLATE_H
#define ENC_INFLATE_H

#include "base/buf.h"

struct inflate;

enum {
	INFLATE_HELD = 3,	/* bytes of content, at most, that are handed out only when more has come */
};

/* How far a stream has been read. */
enum inflate_got {
	INFLATE_MORE,	/* all input is read; its content is in out, but for up to INFLATE_HELD bytes */
	INFLATE_END,	/* its last block has ended; the bytes behind that block are left in *in */
	INFLATE_LONG,	/* its content is longer than allowed */
	INFLATE_BAD,	/* it cannot be read on */
};

/*
 * Begins a stream. Returns it; the caller ends it with inflate_close. It takes at most 90 KiB of
 * memory; later calls take none, except for out. When memory runs out, the process ends with 111.
 */
struct inflate *inflate_open(void);

/* Ends the stream and frees its memory. NULL is allowed. */
void inflate_close(struct inflate *i);

/* Begins a new stream, which refers to nothing before it. It may be called at any time. */
void inflate_reset(struct inflate *i);

/*
 * Reads *in, the next bytes of the stream, and moves the start of *in behind those that belong to
 * the stream. Appends their content to out, until out holds `most` bytes; it must not hold more
 * before. Returns how far the stream has been read. Whatever it returns, out holds the beginning of
 * the content; before damage up to 258 bytes of it may be missing. After any result but
 * INFLATE_MORE the next call must be inflate_reset or inflate_close.
 */
enum inflate_got inflate_put(struct inflate *i, struct span *in, struct buf *out, size_t most);

/*
 * Returns true when the bytes read so far end with a block that is whole and not marked as the
 * last, at the end of a byte; inflate_put must have returned INFLATE_MORE.
 */
bool inflate_is_between(const struct inflate *i);

/*
 * Returns the CRC-32 (RFC 1952 section 8) of some bytes followed by s, where crc is the CRC-32 of
 * those bytes. That of no bytes is 0.
 */
uint32_t inflate_crc32(uint32_t crc, struct span s);

/*
 * Returns the Adler-32 (RFC 1950 section 8.2) of some bytes followed by s, where adler is the
 * Adler-32 of those bytes. That of no bytes is 1.
 */
uint32_t inflate_adler32(uint32_t adler, struct span s);

#endif
