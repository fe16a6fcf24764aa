/*
 * Undoes DEFLATE. In: blocks of RFC 1951, in pieces, not trusted. Out: their content, no more than
 * the caller allows, so that a small body cannot fill memory. This file is the door to the
 * unpacking side of isa-l, and to that of zlib, which is used when the build has not found isa-l.
 */
#include "enc/inflate.h"

#include <stdlib.h>

#ifdef HAVE_ISAL
#include <isa-l.h>
#else
#include <zlib.h>
#endif

#include "base/die.h"

enum {
	INFLATE_STEP = 1 << 30,	/* most bytes at a time: the libraries count in 32 bits */
	/*
	 * Least room for output at a time. It is more than isa-l holds back, so that what stands before
	 * damage comes out with it.
	 */
	INFLATE_ROOM = 66 << 10,
};

#ifdef HAVE_ISAL

struct inflate {
	struct inflate_state z;
};

struct inflate *
inflate_open(void)
{
	struct inflate *i = malloc(sizeof(*i));	/* the library wants nothing of its buffers */

	if (i == NULL)
		die_world("out of memory for isa-l");
	isal_inflate_init(&i->z);
	return i;
}

void
inflate_close(struct inflate *i)
{
	free(i);
}

void
inflate_reset(struct inflate *i)
{
	isal_inflate_reset(&i->z);
}

bool
inflate_is_between(const struct inflate *i)
{
	return (i->z.block_state == ISAL_BLOCK_NEW_HDR || i->z.block_state == ISAL_BLOCK_HDR) &&
	    i->z.tmp_in_size == 0 && i->z.read_in_length == 0;
}

/*
 * Gives the library *in once, moves *in to where it has read, which may be before where *in began,
 * and gives it at most room bytes of out. Returns INFLATE_LONG when more room may give more. When the
 * library finds a reference to what is not there, it has made room for it already, and says so
 * nowhere; so what comes out before damage lacks as many bytes as a reference may be long.
 */
static enum inflate_got
inflate_step(struct inflate *i, struct span *in, struct buf *out, size_t room)
{
	size_t n = in->n < INFLATE_STEP ? in->n : INFLATE_STEP;
	const uint8_t *end = in->p + in->n;
	size_t was = out->n;
	int rc;

	i->z.next_in = (uint8_t *)(uintptr_t)in->p;
	i->z.avail_in = (uint32_t)n;
	i->z.next_out = buf_reserve(out, room);
	i->z.avail_out = (uint32_t)room;
	rc = isal_inflate(&i->z);
	buf_commit(out, room - i->z.avail_out);
	if (i->z.block_state == ISAL_BLOCK_FINISH)	/* until 2.30 it keeps bytes from behind the end */
		i->z.next_in -= i->z.read_in_length / 8;
	*in = span_of(i->z.next_in, (size_t)(end - i->z.next_in));
	if (rc != ISAL_DECOMP_OK) {
		out->n -= out->n - was < ISAL_DEF_MAX_MATCH ? out->n - was : ISAL_DEF_MAX_MATCH;
		return INFLATE_BAD;
	}
	if (i->z.block_state == ISAL_BLOCK_FINISH)
		return INFLATE_END;
	return i->z.avail_out == 0 || in->n > 0 ? INFLATE_LONG : INFLATE_MORE;
}

uint32_t
inflate_crc32(uint32_t crc, struct span s)
{
	return crc32_gzip_refl(crc, s.p, s.n);
}

uint32_t
inflate_adler32(uint32_t adler, struct span s)
{
	return isal_adler32(adler, s.p, s.n);
}

#else

struct inflate {
	z_stream z;
	bool between;	/* as inflate_is_between has it */
};

struct inflate *
inflate_open(void)
{
	struct inflate *i = calloc(1, sizeof(*i));

	if (i == NULL || inflateInit2(&i->z, -15) != Z_OK)	/* the largest window, no framing */
		die_world("out of memory for zlib");
	return i;
}

void
inflate_close(struct inflate *i)
{
	if (i == NULL)
		return;
	inflateEnd(&i->z);
	free(i);
}

void
inflate_reset(struct inflate *i)
{
	inflateReset(&i->z);
	i->between = false;
}

bool
inflate_is_between(const struct inflate *i)
{
	return i->between;
}

/*
 * Gives the library *in once, moves *in to where it has read, and gives it at most room bytes of
 * out. Returns INFLATE_LONG when more room may give more.
 */
static enum inflate_got
inflate_step(struct inflate *i, struct span *in, struct buf *out, size_t room)
{
	int rc;

	i->z.next_in = (Bytef *)(uintptr_t)in->p;
	i->z.avail_in = (uInt)(in->n < INFLATE_STEP ? in->n : INFLATE_STEP);
	i->z.next_out = buf_reserve(out, room);
	i->z.avail_out = (uInt)room;
	rc = inflate(&i->z, Z_NO_FLUSH);
	buf_commit(out, room - i->z.avail_out);
	*in = span_from(*in, (size_t)(i->z.next_in - in->p));
	if (rc == Z_MEM_ERROR)
		die_world("out of memory for zlib");
	if (rc == Z_STREAM_END)
		return INFLATE_END;
	if (rc == Z_OK)	/* 128 says between blocks, 64 in the last one, the rest bits of a byte */
		i->between = i->z.data_type == 128;
	else if (rc != Z_BUF_ERROR || in->n > 0)
		return INFLATE_BAD;
	return i->z.avail_out == 0 || in->n > 0 ? INFLATE_LONG : INFLATE_MORE;
}

uint32_t
inflate_crc32(uint32_t crc, struct span s)
{
	return (uint32_t)crc32_z(crc, s.p, s.n);
}

uint32_t
inflate_adler32(uint32_t adler, struct span s)
{
	return (uint32_t)adler32_z(adler, s.p, s.n);
}

#endif

/* Returns how many bytes of out the next step gets, if no more than `most` are wanted. */
static size_t
inflate_room(const struct buf *out, size_t most)
{
	size_t free = out->cap - out->n;
	size_t room = free > INFLATE_ROOM ? free - 1 : INFLATE_ROOM;	/* with all of it, out would grow */
	/* One byte more than allowed shows that there are more. */
	size_t left = most < SIZE_MAX ? most - out->n + 1 : SIZE_MAX - out->n;

	if (room > left)
		room = left;
	return room < INFLATE_STEP ? room : INFLATE_STEP;
}

enum inflate_got
inflate_put(struct inflate *i, struct span *in, struct buf *out, size_t most)
{
	struct span piece = *in;
	enum inflate_got got;

	do {
		struct span left = *in;
		size_t was = out->n;

		got = inflate_step(i, in, out, inflate_room(out, most));
		if (out->n > most) {
			out->n = most;
			return INFLATE_LONG;
		}
		/* A library that does not move, or gives back what is not in this piece, never ends well. */
		if (in->p < piece.p || (got == INFLATE_LONG && out->n == was && in->p == left.p))
			got = INFLATE_BAD;
	} while (got == INFLATE_LONG);
	return got;
}
