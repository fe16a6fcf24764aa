/* Reads standard input. In: bytes. Out: whole lines, published where they were read to. */
#include "ct-hub/input.h"

#include <fcntl.h>
#include <unistd.h>

#include "os/lines.h"
#include "os/out.h"

void
input_init(struct input *in, int fd, struct publisher *to, struct publisher *relay, struct tally *tally)
{
	*in = (struct input){ .to = to, .relay = relay, .tally = tally, .fd = fd };
	fcntl(fd, F_SETPIPE_SZ, OUT_WIDE_PIPE);		/* fails for what is no pipe, and does no harm */
}

/* Publishes piece, the front of the draft, and begins the next one. */
static void
input_publish(struct input *in, struct publisher_lines *piece)
{
	if (piece->n > 0 && in->relay != NULL)
		publisher_put(in->relay, publisher_draft(in->to).p, *piece);
	if (piece->n > 0)
		publisher_publish(in->to, *piece);
	*piece = (struct publisher_lines){ 0, 0, 0 };
}

/* Takes the front of the draft, a line with its LF: adds it to piece, or leaves it out. */
static void
input_take(struct input *in, struct publisher_lines *piece, struct span line)
{
	in->number += !in->skipping;
	if (!in->skipping && line.n - 1 <= MAX_LINE) {
		if (piece->n > 0 && piece->n + line.n > BUS_BATCH)
			input_publish(in, piece);
		tally_line(in->tally, piece, line, publisher_next(in->to).seq);
		return;
	}
	input_publish(in, piece);
	if (!in->skipping)
		tally_too_long(in->tally, in->number);
	in->skipping = false;
	publisher_discard(in->to, line.n);
}

/* Leaves out what has been read of a line that is too long already. */
static void
input_skip(struct input *in, size_t n)
{
	if (!in->skipping)
		tally_too_long(in->tally, ++in->number);
	in->skipping = true;
	publisher_discard(in->to, n);
	in->scanned = 0;
}

static void
input_take_lines(struct input *in)
{
	struct span draft = publisher_draft(in->to);
	struct publisher_lines piece = { 0, 0, 0 };
	const uint8_t *lf;

	while (draft.n > in->scanned &&
	    (lf = memchr(draft.p + in->scanned, '\n', draft.n - in->scanned)) != NULL) {
		struct span line = span_of(draft.p, (size_t)(lf - draft.p) + 1);

		in->scanned = 0;
		draft = span_from(draft, line.n);
		input_take(in, &piece, line);
	}
	input_publish(in, &piece);
	in->scanned = draft.n;
	if (draft.n > 0 && (in->skipping || draft.n > MAX_LINE))
		input_skip(in, draft.n);
}

ptrdiff_t
input_read(struct input *in, size_t most)
{
	size_t room;
	uint8_t *p = publisher_space(in->to, &room);
	ptrdiff_t n = read(in->fd, p, most < room ? most : room);

	if (n == 0 && !in->ended) {
		in->ended = true;
		if (input_has_part(in)) {
			*p = '\n';
			publisher_fill(in->to, 1);
		}
	}
	if (n > 0)
		publisher_fill(in->to, (size_t)n);
	if (n >= 0)
		input_take_lines(in);
	return n;
}

bool
input_has_part(const struct input *in)
{
	return in->skipping || publisher_draft(in->to).n > 0;
}
