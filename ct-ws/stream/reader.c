/*
 * Sends one client its stream.
 *
 * in: a ring, and frames for this client alone
 * out: both on its socket, in whole frames
 */
#include "ct-ws/stream/reader.h"

#include "ct/record.h"

void
reader_init(struct reader *r, const struct ring *ring, const struct kind *kind)
{
	*r = (struct reader){
		.sock = r->sock, .owner = r->owner, .number = r->number, .picky = r->picky,
		.wire = wire_of(kind->wire), .packed = kind_is_packed(kind), .quiet = kind->quiet,
		.at = ring->head, .match = r->match,
	};
}

void
reader_free(struct reader *r)
{
	outbox_free(&r->out);
	places_free(&r->places);
}

/* ---- leaving the ring and coming back ---- */

/* Returns how many bytes of the ring the socket must be given next, begun or not. */
static size_t
reader_owed(const struct reader *r)
{
	return outbox_is_empty(&r->out) ? sock_owed(r->sock) : 0;
}

/* Puts the bytes of ring from the place `at` to the place end into the outbox. */
static void
reader_keep(struct reader *r, const struct ring *ring, uint64_t at, uint64_t end,
    struct reader_rest *rest)
{
	uint64_t from = ring_frame(ring, at);

	if (rest->body == NULL || rest->from != from || rest->to != end) {
		body_drop(rest->body);
		*rest = (struct reader_rest){ from, end, body_open() };
		while (from < end) {
			struct span s = ring_get(ring, from, (size_t)(end - from));

			buf_put(&rest->body->bytes, s);
			from += s.n;
		}
	}
	outbox_put_rest(&r->out, rest->body, (size_t)(at - rest->from));
}

static void
reader_keep_place(struct reader *r, const struct ring *ring, struct reader_rest *rest)
{
	const struct place *first;

	if (places_is_empty(&r->places))
		return;
	first = places_get(&r->places, 0);
	if (!first->begun && reader_owed(r) == 0)
		return;
	reader_keep(r, ring, first->at, first->at + first->n, rest);
	places_sent(&r->places, first->n);
}

void
reader_detach(struct reader *r, const struct ring *ring, struct reader_rest *rest)
{
	uint64_t end;

	if (r->picky) {
		reader_keep_place(r, ring, rest);
		return;
	}
	if (r->detached || r->replay != NULL)
		return;
	end = ring_boundary(ring, r->at + reader_owed(r));
	if (r->at < end)
		reader_keep(r, ring, r->at, end, rest);
	r->at = end;
	r->records = ring_records(ring, end);
	r->detached = true;
}

void
reader_rescue(struct reader *r, const struct ring *ring, uint64_t safe, struct reader_rest *rest)
{
	reader_detach(r, ring, rest);
	if (r->picky)
		r->untold += places_expire(&r->places, safe);
}

uint64_t
reader_lowest(const struct reader *r)
{
	if (r->picky)
		return places_is_empty(&r->places) ? UINT64_MAX : places_get(&r->places, 0)->at;
	return r->detached || r->replay != NULL ? UINT64_MAX : r->at;
}

void
reader_tell_skipped(struct reader *r, uint64_t records)
{
	struct wire_text notice = { .event = WIRE_SKIPPED };
	struct buf text, frame;

	r->skipped += records;
	if (records == 0 || r->quiet)
		return;
	buf_init(&text);
	buf_init(&frame);
	record_put_skipped(&text, records);
	notice.text = buf_span(&text);
	wire_put(r->wire, &frame, &notice, r->packed);
	outbox_put(&r->out, buf_span(&frame));
	buf_free(&text);
	buf_free(&frame);
}

/* Goes back to the ring, and tells the client when it has missed records. */
static void
reader_attach(struct reader *r, const struct ring *ring)
{
	if (r->at < ring->tail)
		r->at = ring_start(ring, ring->tail);
	r->detached = false;
	reader_tell_skipped(r, ring_records(ring, r->at) - r->records);
}

/* ---- frames for this client alone ---- */

static bool
reader_is_in_frame(const struct reader *r, const struct ring *ring)
{
	if (r->picky)
		return !places_is_empty(&r->places) &&
		    (places_get(&r->places, 0)->begun || reader_owed(r) > 0);
	return !r->detached && r->replay == NULL && ring_boundary(ring, r->at + reader_owed(r)) != r->at;
}

/*
 * A reader that has sent a part of a frame is detached first, so that the rest of that frame
 * goes to the outbox before the new frames.
 */
void
reader_put(struct reader *r, const struct ring *ring, struct span bytes)
{
	struct reader_rest rest = { .body = NULL };

	if (r->ending)
		return;
	if (reader_is_in_frame(r, ring))
		reader_detach(r, ring, &rest);
	body_drop(rest.body);
	outbox_put(&r->out, bytes);
}

void
reader_end(struct reader *r, const struct ring *ring, struct span bytes)
{
	reader_put(r, ring, bytes);
	r->ending = true;
}

uint64_t
reader_forgo(struct reader *r, const struct ring *ring)
{
	struct reader_rest rest = { .body = NULL };
	uint64_t records;

	reader_detach(r, ring, &rest);
	body_drop(rest.body);
	if (r->replay != NULL)
		records = 0;
	else if (r->picky)
		records = r->untold + places_count(&r->places);
	else
		records = ring->records - r->records;
	places_free(&r->places);
	r->untold = 0;
	r->detached = false;
	return records;
}

void
reader_pick(struct reader *r, const struct ring *ring, uint64_t at, size_t n)
{
	r->untold += places_put(&r->places, ring, at, n);
	r->picked++;
}

/* ---- sending ---- */

/* Sends what is in the outbox. Returns READER_DONE when all of it is sent. */
static enum reader_got
reader_send_own(struct reader *r)
{
	ptrdiff_t n;

	if (outbox_is_empty(&r->out))
		return READER_DONE;
	n = outbox_send(&r->out, r->sock);
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

	while (s = ring_get(ring, r->at, most), s.n > 0) {
		ptrdiff_t n = sock_send(r->sock, s, false);

		if (n < 0)
			return READER_GONE;
		r->at += (uint64_t)n;
		r->sent += (uint64_t)n;
		most -= (size_t)n;
		if ((size_t)n < s.n)
			return READER_BLOCKED;
	}
	return r->at == ring->head ? READER_DONE : READER_BLOCKED;
}

/*
 * Sends some of the frames in the list of a picky reader, in one call; where records are to be told
 * as missing, only the one that has been begun, so that the notice comes behind that.
 */
static enum reader_got
reader_send_some(struct reader *r, const struct ring *ring)
{
	struct span parts[SOCK_PARTS];
	uint32_t most = r->untold > 0 ? 1 : places_count(&r->places);
	size_t count = 0, all = 0;
	ptrdiff_t n;

	for (uint32_t i = 0; i < most && count + 2 <= SOCK_PARTS; i++) {
		const struct place *p = places_get(&r->places, i);
		struct span s = ring_get(ring, p->at, p->n);

		parts[count++] = s;
		if (s.n < p->n)
			parts[count++] = ring_get(ring, p->at + s.n, p->n - s.n);
		all += p->n;
	}
	n = sock_sendv(r->sock, parts, count);
	if (n < 0)
		return READER_GONE;
	r->sent += (uint64_t)n;
	places_sent(&r->places, (size_t)n);
	return (size_t)n < all ? READER_BLOCKED : READER_DONE;
}

static enum reader_got
reader_send_places(struct reader *r, const struct ring *ring)
{
	enum reader_got got;
	uint64_t before = r->sent;

	do {
		if (!reader_is_in_frame(r, ring)) {
			reader_tell_skipped(r, r->untold + places_expire(&r->places, ring->tail));
			r->untold = 0;
		}
		got = reader_send_own(r);
		if (got == READER_DONE && !places_is_empty(&r->places))
			got = reader_send_some(r, ring);
		if (r->sent - before > MAX_READER_TURN)
			return READER_BLOCKED;
	} while (got == READER_DONE && !places_is_empty(&r->places));
	return got;
}

enum reader_got
reader_send(struct reader *r, const struct ring *ring)
{
	enum reader_got got = reader_send_own(r);

	if (got != READER_DONE)
		return got;
	if (r->ending)
		return READER_ENDED;
	if (r->replay != NULL)
		return READER_DONE;
	if (r->picky)
		return reader_send_places(r, ring);
	if (r->detached) {
		reader_attach(r, ring);
		got = reader_send_own(r);
	}
	return got == READER_DONE ? reader_send_ring(r, ring) : got;
}
