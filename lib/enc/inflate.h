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
	INFLATE_HELD = 3,	/* most bytes that wait for what follows them though they could be told */
};

/* How far a stream has been read. */
enum inflate_got {
	INFLATE_MORE,	/* all of in is read, and what it gives is in out but for INFLATE_HELD */
	INFLATE_END,	/* its last block has ended; what stands behind it is left in in */
	INFLATE_LONG,	/* its content is longer than allowed */
	INFLATE_BAD,	/* it cannot be read on */
};

/*
 * Begins a stream. Returns it; the caller ends it with inflate_close. It takes at most 90 KiB of
 * memory, and no function here takes more, but that out grows. When memory runs out, the process
 * ends with 111.
 */
struct inflate *inflate_open(void);

/* Ends the stream and frees its memory. NULL is allowed. */
void inflate_close(struct inflate *i);

/* Begins a new stream, which refers to nothing before it. It may be called at any time. */
void inflate_reset(struct inflate *i);

/*
 * Reads the next bytes of the stream, in, moves in behind those that belong to it, and appends what
 * they give to out, until out holds `most` bytes; it must not hold more before. Returns how far the
 * stream has been read; what stands in out is the beginning of the content, whatever it is. Before
 * damage up to 258 bytes of it may be missing. After all but INFLATE_MORE the next call must be
 * inflate_reset or inflate_close.
 */
enum inflate_got inflate_put(struct inflate *i, struct span *in, struct buf *out, size_t most);

/*
 * Returns true when the bytes read so far end with a block that is whole and not marked as the
 * last, at the end of a byte; inflate_put must have returned INFLATE_MORE.
 */
bool inflate_is_between(const struct inflate *i);

/* Returns the CRC-32 of RFC 1952 section 8 of what gave crc and then s. It is 0 of nothing. */
uint32_t inflate_crc32(uint32_t crc, struct span s);

/* Returns the Adler-32 of RFC 1950 section 8.2 of what gave adler and then s. It is 1 of nothing. */
uint32_t inflate_adler32(uint32_t adler, struct span s);

#endif
