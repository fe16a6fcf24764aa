/*
 * Fuzz target: what a WebSocket client sends. In: a byte that says how the rest is cut into pieces
 * and whether compression was agreed, and then frames. Demands that the same is found however the
 * bytes are cut, that a text is UTF-8 and short, and that nothing is kept between messages.
 */
#include <stdlib.h>

#include "ct-ws/ws/frame.h"
#include "tests/fuzz/judge.h"

enum { MOST_FINDINGS = 1024 };

/* What was found in frames, as a text to be compared. */
struct findings {
	struct buf text;
	unsigned n;
};

static void
note_text(struct findings *all, const struct frame_in *f)
{
	struct span s;

	if (!frame_text(f, &s)) {
		DEMAND(s.n == 0 || s.n == MESSAGE_FIRST);
		buf_puts(&all->text, "(long)");
		return;
	}
	DEMAND(s.n <= MAX_MESSAGE_KEPT && utf8_is(s));
	buf_put(&all->text, s);
}

/* Adds what frame_next has found. Returns false when it must not be called again. */
static bool
note(struct findings *all, const struct frame_in *f, enum frame_got got)
{
	buf_putf(&all->text, "\n%d ", got);
	switch (got) {
	case FRAME_GOT_TEXT:
		note_text(all, f);
		break;
	case FRAME_GOT_PING:
	case FRAME_GOT_PONG:
		DEMAND(f->control_n <= MAX_FRAME_CONTROL);
		buf_put(&all->text, span_of(f->control, f->control_n));
		break;
	case FRAME_GOT_CLOSE:
	case FRAME_GOT_BAD:
		DEMAND(got == FRAME_GOT_CLOSE || f->why != NULL);
		buf_putf(&all->text, "%u", f->code);
		return false;
	default:
		break;
	}
	return ++all->n < MOST_FINDINGS;
}

static void
read_frames(struct findings *all, struct span bytes, size_t step, struct gz *gz)
{
	struct frame_in f = { .gz = gz };
	bool more = true;

	*all = (struct findings){ .n = 0 };
	while (more && bytes.n > 0) {
		struct span piece = span_of(bytes.p, bytes.n < step ? bytes.n : step);
		enum frame_got got = FRAME_GOT_PONG;

		bytes = span_from(bytes, piece.n);
		while (more && got != FRAME_GOT_NONE) {
			got = frame_next(&f, &piece);
			more = got == FRAME_GOT_NONE || note(all, &f, got);
		}
		if (got == FRAME_GOT_NONE)
			DEMAND(piece.n == 0 && (f.message.is_open || f.message.kept.cap == 0));
	}
	frame_free(&f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct findings whole, pieces;
	struct gz *gz;

	if (n == 0)
		return 0;
	gz = (p[0] & 1) != 0 ? gz_open(GZ_MESSAGE) : NULL;
	read_frames(&whole, span_of(p + 1, n - 1), n, gz);
	read_frames(&pieces, span_of(p + 1, n - 1), 1u + (p[0] >> 1), gz);
	DEMAND(span_eq(buf_span(&whole.text), buf_span(&pieces.text)));
	buf_free(&whole.text);
	buf_free(&pieces.text);
	gz_close(gz);
	return 0;
}
