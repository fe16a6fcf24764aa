/*
 * Unpacks gzip, zlib and deflate (RFC 1950 to 1952). In: a body or file, in pieces or whole, not
 * trusted. Out: its content, no more than the caller allows, so that a small body cannot fill
 * memory. This file is the door to zlib.
 */
#include <stdlib.h>
#include <zlib.h>

#include "base/die.h"
#include "enc/gz.h"

enum {
	GZ_STEP = 1 << 30,	/* most bytes at a time: zlib counts them in unsigned int */
	GZ_ROOM = 64 << 10,	/* least room that zlib gets for output at a time */
};

struct gz {
	z_stream z;
	enum gz_form form;
	bool between;	/* a member has ended, and no byte of another has come */
	bool at_block;	/* what has come ends with a block that is not the last, at the end of a byte */
};

/* What inflateInit2 calls each form: 15 is the largest window, 16 adds the framing of gzip. */
static const int gz_window[] = {
	[GZ_GZIP] = 15 + 16,
	[GZ_ZLIB] = 15,
	[GZ_DEFLATE] = -15,
	[GZ_MESSAGE] = -15,
};

struct gz *
gz_open(enum gz_form form)
{
	struct gz *gz = calloc(1, sizeof(*gz));

	if (gz == NULL || inflateInit2(&gz->z, gz_window[form]) != Z_OK)
		die_world("out of memory for zlib");
	gz->form = form;
	return gz;
}

void
gz_close(struct gz *gz)
{
	if (gz == NULL)
		return;
	inflateEnd(&gz->z);
	free(gz);
}

/*
 * Calls inflate once with the first bytes of *in, moves *in behind those it has taken, and appends
 * what it gives to out, at most room bytes.
 */
static int
gz_step(z_stream *z, struct buf *out, struct span *in, size_t room)
{
	size_t free = out->cap - out->n;
	size_t want = free > GZ_ROOM ? free - 1 : GZ_ROOM;	/* with all of it, buf_reserve grows out */
	int rc;

	if (want > room)
		want = room;
	if (want > GZ_STEP)
		want = GZ_STEP;
	z->next_in = (Bytef *)(uintptr_t)in->p;
	z->avail_in = (uInt)(in->n < GZ_STEP ? in->n : GZ_STEP);
	z->next_out = buf_reserve(out, want);
	z->avail_out = (uInt)want;
	rc = inflate(z, Z_NO_FLUSH);
	buf_commit(out, want - z->avail_out);
	*in = span_from(*in, (size_t)(z->next_in - in->p));
	return rc;
}

/*
 * Begins the next member with the first byte of in. Returns false when that cannot be one. RFC 7692
 * section 7.2.3.4 lets more follow the last block of a message.
 */
static bool
gz_next_member(struct gz *gz, struct span in)
{
	if (gz->form != GZ_MESSAGE && (gz->form != GZ_GZIP || in.p[0] != 0x1f))
		return false;
	gz->between = false;
	return inflateReset(&gz->z) == Z_OK;
}

enum gz_state
gz_put(struct gz *gz, struct buf *out, struct span in, size_t most)
{
	for (;;) {
		/* One byte more than allowed shows that there are more. */
		size_t room = most < SIZE_MAX ? most - out->n + 1 : SIZE_MAX - out->n;
		int rc;

		if (gz->between && in.n == 0)
			return GZ_WHOLE;
		if (gz->between && !gz_next_member(gz, in))
			return GZ_DAMAGED;
		rc = gz_step(&gz->z, out, &in, room);
		if (out->n > most) {
			out->n = most;
			return GZ_TOO_LONG;
		}
		if (rc == Z_MEM_ERROR)
			die_world("out of memory for zlib");
		gz->between = rc == Z_STREAM_END;
		if (rc == Z_OK)	/* 128 says between blocks, 64 in the last one, the rest bits of a byte */
			gz->at_block = gz->z.data_type == 128;
		if (rc == Z_BUF_ERROR && in.n == 0)
			return GZ_OPEN;
		if (rc != Z_OK && rc != Z_STREAM_END)
			return GZ_DAMAGED;
	}
}

enum gz_state
gz_put_message(struct gz *gz, struct buf *out, struct span in, size_t most)
{
	enum gz_state state;

	inflateReset(&gz->z);
	gz->between = gz->at_block = false;
	state = gz_put(gz, out, in, most);
	if (state == GZ_OPEN || state == GZ_WHOLE)
		state = gz_put(gz, out, SPAN("\0\0\xff\xff"), most);
	if (state == GZ_OPEN)
		state = gz->at_block ? GZ_WHOLE : GZ_DAMAGED;
	return state;
}

const char *
gz_put_inflated(struct buf *out, struct span in, size_t most)
{
	static const char *const why[] = {
		[GZ_OPEN] = "RFC 1952: stream is cut",
		[GZ_WHOLE] = NULL,
		[GZ_TOO_LONG] = "RFC 1952: content longer than allowed",
		[GZ_DAMAGED] = "RFC 1952: stream is damaged, or bytes follow its end",
	};
	enum gz_state state;
	size_t was = out->n;
	struct gz *gz;

	if (!gz_is(in))
		return "RFC 1952 2.3.1: not gzip";
	gz = gz_open(GZ_GZIP);
	state = gz_put(gz, out, in, most < SIZE_MAX - was ? was + most : SIZE_MAX);
	gz_close(gz);
	if (state != GZ_WHOLE)
		out->n = was;
	return why[state];
}
