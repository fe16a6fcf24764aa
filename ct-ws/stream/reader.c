/*
 * Sends one client its stream.
 *
 * in: a ring, and frames for this client alone
 * out: both on its socket, in whole frames
 */
#include "ct-ws/stream/reader.h"

#include <errno.h>
#include <sys/socket.h>

#include "ct-ws/ws/frame.h"
#include "ct/record.h"

void
reader_init(struct reader *r, int fd, const struct ring *ring)
{
	*r = (struct reader){
		.fd = fd, .owner = r->owner, .number = r->number, .at = ring->head,
	};
}

void
reader_free(struct reader *r)
{
	outbox_free(&r->out);
}

void
reader_detach(struct reader *r, const struct ring *ring)
{
	uint64_t end;

	if (r->detached)
		return;
	end = ring_boundary(ring, r->at);
	while (r->at < end) {
		struct span rest = ring_get(ring, r->at, (size_t)(end - r->at));

		outbox_put(&r->out, rest);
		r->at += rest.n;
	}
	r->records = ring_records(ring, r->at);
	r->detached = true;
}

/*
 * A reader that has sent a part of a frame from the ring is detached first, so
 * that the rest of that frame goes to the outbox before the new frames.
 */
void
reader_put(struct reader *r, const struct ring *ring, struct span frames)
{
	if (r->ending)
		return;
	if (!r->detached && ring_boundary(ring, r->at) != r->at)
		reader_detach(r, ring);
	outbox_put(&r->out, frames);
}

void
reader_end(struct reader *r, const struct ring *ring, struct span frames)
{
	reader_detach(r, ring);
	reader_put(r, ring, frames);
	r->ending = true;
}

/* Goes back to the ring, and puts a record "skipped" where records were missed. */
static void
reader_attach(struct reader *r, const struct ring *ring)
{
	uint64_t missed;
	struct buf text, frame;

	if (r->at < ring->tail)
		r->at = ring->tail;
	r->detached = false;
	missed = ring_records(ring, r->at) - r->records;
	if (missed == 0)
		return;
	r->skipped += missed;
	buf_init(&text);
	buf_init(&frame);
	record_put_skipped(&text, missed);
	frame_put(&frame, FRAME_TEXT, buf_span(&text));
	outbox_put(&r->out, buf_span(&frame));
	buf_free(&text);
	buf_free(&frame);
}

/* Sends what is in the outbox. Returns READER_DONE when all of it is sent. */
static enum reader_got
reader_send_own(struct reader *r)
{
	ptrdiff_t n;

	if (outbox_is_empty(&r->out))
		return READER_DONE;
	n = outbox_send(&r->out, r->fd);
	if (n < 0)
		return READER_GONE;
	r->sent += (uint64_t)n;
	return outbox_is_empty(&r->out) ? READER_DONE : READER_BLOCKED;
}

/* Sends from the ring. Returns READER_DONE when everything up to its head is sent. */
static enum reader_got
reader_send_ring(struct reader *r, const struct ring *ring)
{
	size_t most = MAX_READER_TURN;
	struct span s;
	ssize_t n;

	while (s = ring_get(ring, r->at, most), s.n > 0) {
		n = send(r->fd, s.p, s.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? READER_BLOCKED : READER_GONE;
		r->at += (uint64_t)n;
		r->sent += (uint64_t)n;
		most -= (size_t)n;
		if ((size_t)n < s.n)
			return READER_BLOCKED;
	}
	return r->at == ring->head ? READER_DONE : READER_BLOCKED;
}

enum reader_got
reader_send(struct reader *r, const struct ring *ring)
{
	enum reader_got got = reader_send_own(r);

	if (got == READER_DONE && r->detached && !r->ending) {
		reader_attach(r, ring);
		got = reader_send_own(r);
	}
	if (got != READER_DONE)
		return got;
	return r->ending ? READER_ENDED : reader_send_ring(r, ring);
}
