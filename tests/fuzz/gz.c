/*
 * Fuzz target: packed streams. In: a byte that says which form they have and how they are cut into
 * pieces, and then the stream. Demands that the same is unpacked however it is cut, and that zlib
 * unpacks the same, framing and all, as far as lib/enc/inflate.h promises.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/judge.h"
#include "tests/unit/beside.h"

enum { MOST_UNPACKED = 300000 };

/* Demands that a message is unpacked as the stream of blocks that it is, where that stream is cut. */
static void
check_message(struct span in, enum gz_state state, struct span content)
{
	struct gz *gz = gz_open(GZ_MESSAGE);
	struct buf out;
	enum gz_state got;

	buf_init(&out);
	got = gz_put_message(gz, &out, in, MOST_UNPACKED);
	DEMAND(got != GZ_OPEN && out.n <= MOST_UNPACKED);
	if (state == GZ_OPEN)	/* the end that a message lacks may give a byte more of it */
		DEMAND(out.n >= content.n && memcmp(out.p, content.p, content.n) == 0);
	out.n = 0;
	DEMAND(gz_put_message(gz, &out, SPAN("\xf2\x48\xcd\xc9\xc9\x07\x00"), 5) == GZ_WHOLE);
	DEMAND(out.n == 5 && memcmp(out.p, "Hello", 5) == 0);
	gz_close(gz);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const enum gz_form forms[] = { GZ_GZIP, GZ_ZLIB, GZ_DEFLATE };
	struct buf theirs, ours, pieces;
	struct span in = span_from(span_of(p, n), 1);
	struct beside_says says;
	enum gz_form form;
	enum gz_state state;
	size_t least;

	if (n < 2)
		return 0;
	buf_init(&theirs);
	buf_init(&ours);
	buf_init(&pieces);
	form = forms[p[0] % 3];
	says = beside_inflate(form, in, SIZE_MAX, MOST_UNPACKED, &theirs);
	state = beside_ours(form, in, SIZE_MAX, MOST_UNPACKED, &ours);
	DEMAND(beside_differs(says, state, buf_span(&theirs), buf_span(&ours)) == NULL);
	DEMAND(beside_ours(form, in, 1 + p[0] / 3u, MOST_UNPACKED, &pieces) == state);
	least = pieces.n < ours.n ? pieces.n : ours.n;
	DEMAND(pieces.n == ours.n || state == GZ_DAMAGED);
	DEMAND(least == 0 || memcmp(pieces.p, ours.p, least) == 0);
	if (form == GZ_DEFLATE)
		check_message(in, state, buf_span(&ours));
	buf_free(&theirs);
	buf_free(&ours);
	buf_free(&pieces);
	return 0;
}
