/*
 * Fuzz target: what the other side of a connection of the bus sends. In: a byte that says how the rest
 * is cut into pieces, whether it is a tcp connection and whether the reader pauses, and then the bytes
 * of the connection. Demands that the messages are those that the wire's description gives, however the
 * bytes are cut, and that the connection is closed once.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "bus/sp/sp_link.h"
#include "tests/fuzz/judge.h"

enum {
	MOST_MESSAGE = 600,	/* bytes of a message */
	MOST_BYTES = 4096,	/* of a connection */
};

struct run {
	struct loop *loop;
	struct loop_timer tick;
	struct sp_link *link;
	int far;		/* the other end; -1 once it has been shut */
	struct span bytes;
	size_t step;
	bool pauses, closed;
	struct buf found;
};

static void
take_open(void *cookie, struct sp_link *link)
{
	struct run *r = cookie;

	(void)link;
	buf_puts(&r->found, "open");
}

static void
take_message(void *cookie, struct sp_link *link, struct span message)
{
	struct run *r = cookie;

	DEMAND(message.n <= MOST_MESSAGE && !r->closed);
	buf_putf(&r->found, " %zu:", message.n);
	buf_put(&r->found, message);
	if (r->pauses)
		sp_link_pause(link, true);
}

static void
take_closed(void *cookie, struct sp_link *link, int error)
{
	struct run *r = cookie;

	DEMAND(!r->closed);
	r->closed = true;
	buf_puts(&r->found, error == 0 ? " end" : " broken");
	sp_link_free(link);
	r->link = NULL;
	loop_stop(r->loop);
}

static const struct sp_link_calls calls = { .open = take_open, .got = take_message, .closed = take_closed };

/* Sends the next piece, or shuts the connection, and lets a paused reader go on. */
static void
send_piece(void *cookie)
{
	struct run *r = cookie;
	struct span piece = span_of(r->bytes.p, r->bytes.n < r->step ? r->bytes.n : r->step);

	if (r->far >= 0 && piece.n == 0) {
		shutdown(r->far, SHUT_WR);
		r->far = -1;
	} else if (piece.n > 0 && send(r->far, piece.p, piece.n, MSG_NOSIGNAL) != (ssize_t)piece.n) {
		r->bytes.n = 0;		/* it has been closed because the bytes so far are wrong */
	} else {
		r->bytes = span_from(r->bytes, piece.n);
	}
	if (r->link != NULL)
		sp_link_pause(r->link, false);
	loop_after(r->loop, &r->tick, 0);
}

static void
run_link(struct run *r, struct span bytes, size_t step, bool tcp, bool pauses)
{
	struct sp_link_kind kind = { SP_PULL, tcp, MOST_MESSAGE, 64 };
	int ends[2];

	*r = (struct run){ .loop = loop_open(), .bytes = bytes, .step = step, .pauses = pauses };
	DEMAND(r->loop != NULL && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
	r->far = ends[1];
	r->tick = (struct loop_timer){ .due = send_piece, .cookie = r };
	r->link = sp_link_open(r->loop, ends[0], kind, false, &calls, r);
	loop_after(r->loop, &r->tick, 0);
	DEMAND(loop_run(r->loop) == 0 && r->closed);
	loop_stop_timer(r->loop, &r->tick);
	close(ends[1]);
	loop_free(r->loop);
}

/* What the description of the wire says that is. */
static void
expect(struct buf *out, struct span bytes, bool tcp)
{
	enum sp_got got = SP_MESSAGE;
	struct span message;
	size_t frame;

	if (bytes.n < SP_GREETING || !sp_frame_greets(bytes.p, SP_PUSH)) {
		buf_puts(out, bytes.n < SP_GREETING ? " end" : " broken");
		return;
	}
	buf_puts(out, "open");
	bytes = span_from(bytes, SP_GREETING);
	while (got == SP_MESSAGE) {
		got = sp_frame_next(bytes, tcp, MOST_MESSAGE, &message, &frame);
		if (got == SP_MESSAGE) {
			judge_within(message, bytes);
			DEMAND(frame <= bytes.n);
			bytes = span_from(bytes, frame);
			buf_putf(out, " %zu:", message.n);
			buf_put(out, message);
		}
	}
	buf_puts(out, got == SP_PART ? " end" : " broken");
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct span bytes = span_of(p + 1, n > MOST_BYTES ? MOST_BYTES : n - 1);
	struct buf wanted;
	struct run r;

	if (n == 0)
		return 0;
	buf_init(&wanted);
	expect(&wanted, bytes, p[0] & 1);
	run_link(&r, bytes, MOST_BYTES, p[0] & 1, false);
	DEMAND(span_eq(buf_span(&r.found), buf_span(&wanted)));
	buf_free(&r.found);
	run_link(&r, bytes, 1u + (p[0] >> 2), p[0] & 1, p[0] & 2);
	DEMAND(span_eq(buf_span(&r.found), buf_span(&wanted)));
	buf_free(&r.found);
	buf_free(&wanted);
	return 0;
}
