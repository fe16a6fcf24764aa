/*
 * What zlib makes of a stream, framing and all, to be held against lib/enc/gz: in pieces of step
 * bytes, up to `most` bytes of content.
 */
#ifndef UNIT_BESIDE_H
#define UNIT_BESIDE_H

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "enc/gz.h"
#include "enc/inflate.h"

struct beside_says {
	enum gz_state state;
	bool incomplete;	/* damaged by codes that isa-l may read, see lib/enc/inflate.h */
};

/* The states of z and of a stream between members, after rc. */
static inline enum gz_state
beside_state(int rc, const z_stream *z)
{
	if (rc == Z_STREAM_END)
		return GZ_WHOLE;
	return rc == Z_OK || (rc == Z_BUF_ERROR && z->avail_in == 0) ? GZ_OPEN : GZ_DAMAGED;
}

/* Appends what the next piece gives to out. Returns the state; *between is true behind a member. */
static inline enum gz_state
beside_put(z_stream *z, enum gz_form form, bool *between, struct buf *out, struct span in, size_t most)
{
	enum gz_state state = GZ_OPEN;

	z->next_in = (Bytef *)(uintptr_t)in.p;
	z->avail_in = (uInt)in.n;
	while (state == GZ_OPEN || state == GZ_WHOLE) {
		if (*between && z->avail_in == 0)
			return GZ_WHOLE;
		if (*between && (form != GZ_GZIP || *z->next_in != 0x1f || inflateReset(z) != Z_OK))
			return GZ_DAMAGED;
		z->next_out = buf_reserve(out, 1000);
		z->avail_out = 1000;
		state = beside_state(inflate(z, Z_NO_FLUSH), z);
		buf_commit(out, 1000 - z->avail_out);
		if (out->n > most) {
			out->n = most;
			return GZ_TOO_LONG;
		}
		*between = state == GZ_WHOLE;
		if (state == GZ_OPEN && z->avail_in == 0 && z->avail_out > 0)
			return GZ_OPEN;
	}
	return state;
}

static inline struct beside_says
beside_inflate(enum gz_form form, struct span in, size_t step, size_t most, struct buf *out)
{
	static const int window[] = { [GZ_GZIP] = 31, [GZ_ZLIB] = 15, [GZ_DEFLATE] = -15 };
	struct beside_says says = { .state = GZ_OPEN };
	bool between = false;
	z_stream z = { .next_in = NULL };

	if (inflateInit2(&z, window[form]) != Z_OK)
		abort();
	while (in.n > 0 && (says.state == GZ_OPEN || says.state == GZ_WHOLE)) {
		size_t n = in.n < step ? in.n : step;

		says.state = beside_put(&z, form, &between, out, span_of(in.p, n), most);
		in = span_from(in, n);
	}
	says.incomplete = says.state == GZ_DAMAGED && z.msg != NULL &&
	    (strstr(z.msg, " set") != NULL || strstr(z.msg, "end-of-block") != NULL);
	inflateEnd(&z);
	return says;
}

/* Does with lib/enc/gz what beside_inflate does with zlib. */
static inline enum gz_state
beside_ours(enum gz_form form, struct span in, size_t step, size_t most, struct buf *out)
{
	enum gz_state state = GZ_OPEN;
	struct gz *gz = gz_open(form);

	while (in.n > 0 && (state == GZ_OPEN || state == GZ_WHOLE)) {
		size_t n = in.n < step ? in.n : step;

		state = gz_put(gz, out, span_of(in.p, n), most);
		in = span_from(in, n);
	}
	gz_close(gz);
	return state;
}

/*
 * Returns NULL when lib/enc/gz and zlib agree on a stream, or what they do not agree on. Both read
 * what is whole alike, and stop at the same length. Where one sees damage the other may see it some
 * bytes later, for which it may still wait.
 */
static inline const char *
beside_differs(struct beside_says says, enum gz_state state, struct span theirs, struct span ours)
{
	size_t n = theirs.n < ours.n ? theirs.n : ours.n;

	if (n > 0 && memcmp(theirs.p, ours.p, n) != 0)
		return "the content";
	if (says.incomplete || (says.state == GZ_TOO_LONG && state == GZ_DAMAGED))
		return ours.n + 258 + INFLATE_HELD < theirs.n ? "where the content ends" : NULL;
	if (says.state == GZ_OPEN && state == GZ_OPEN)
		return ours.n > theirs.n || ours.n + INFLATE_HELD < theirs.n ? "what is held back" : NULL;
	if (says.state == state && state != GZ_DAMAGED)
		return theirs.n != ours.n ? "the length of the content" : NULL;
	if (says.state == GZ_WHOLE || state == GZ_WHOLE)
		return "whether it is whole";
	if (says.state == GZ_TOO_LONG || state == GZ_TOO_LONG)
		return "whether it is too long";
	return ours.n > theirs.n + 258 ? "where the damage is" : NULL;
}

#endif
