/*
 * Unpacks gzip (RFC 1952). In: the whole of a body or file, not trusted. Out: its
 * content, no more than the caller allows. This file is the door to zlib.
 */
#include <zlib.h>

#include "base/die.h"
#include "enc/gz.h"

enum {
	GZ_WINDOW = 15 + 16,	/* 15: the largest window; 16: the framing and CRC of gzip */
	GZ_STEP = 1 << 30,	/* most bytes at a time: zlib counts them in unsigned int */
	GZ_ROOM = 64 << 10,	/* least room that zlib gets for output at a time */
};

/*
 * Calls inflate once and appends what it gives to out. *room is how many bytes may still be appended;
 * it starts one above the limit, so that it comes to 0 only when there are too many.
 */
static int
gz_step(z_stream *z, struct buf *out, size_t *room)
{
	size_t want = out->cap - out->n > GZ_ROOM ? out->cap - out->n : GZ_ROOM;
	int rc;

	if (want > *room)
		want = *room;
	if (want > GZ_STEP)
		want = GZ_STEP;
	z->next_out = buf_reserve(out, want);
	z->avail_out = (uInt)want;
	rc = inflate(z, Z_NO_FLUSH);
	buf_commit(out, want - z->avail_out);
	*room -= want - z->avail_out;
	return rc;
}

/* Unpacks all members of in. Returns NULL, or why not. */
static const char *
gz_run(z_stream *z, struct buf *out, struct span in, size_t most)
{
	size_t room = most < SIZE_MAX ? most + 1 : SIZE_MAX;

	for (;;) {
		int rc;

		z->next_in = (Bytef *)(uintptr_t)in.p;
		z->avail_in = (uInt)(in.n < GZ_STEP ? in.n : GZ_STEP);
		rc = gz_step(z, out, &room);
		in = span_from(in, (size_t)(z->next_in - in.p));
		if (room == 0)
			return "RFC 1952: content longer than allowed";
		if (rc == Z_STREAM_END) {
			if (in.n == 0)
				return NULL;
			if (!gz_is(in))
				return "RFC 1952 2.2: bytes behind the last member";
			inflateReset(z);
		} else if (rc == Z_BUF_ERROR || (rc == Z_OK && in.n == 0 && z->avail_out > 0)) {
			return "RFC 1952: stream is cut";
		} else if (rc != Z_OK) {
			return "RFC 1952: stream is damaged";
		}
	}
}

const char *
gz_put_inflated(struct buf *out, struct span in, size_t most)
{
	z_stream z = { .zalloc = Z_NULL };
	size_t was = out->n;
	const char *why;

	if (!gz_is(in))
		return "RFC 1952 2.3.1: not gzip";
	if (inflateInit2(&z, GZ_WINDOW) != Z_OK)
		die_world("out of memory for zlib");
	why = gz_run(&z, out, in, most);
	inflateEnd(&z);
	if (why != NULL)
		out->n = was;
	return why;
}
