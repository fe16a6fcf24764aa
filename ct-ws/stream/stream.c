/*
 * Sends one form of the events to all its readers.
 *
 * in: event lines, and signs of life
 * out: frames in a ring, and from there on the sockets of the readers
 */
#include "ct-ws/stream/stream.h"

#include <stdlib.h>

#include "base/die.h"
#include "ct-ws/ws/frame.h"
#include "ct/record.h"
#include "event/event.h"

enum {
	/*
	 * Bytes after which frames are sent without waiting for a flush. More would not
	 * fit the buffer of a socket, and larger sends would save nothing.
	 */
	STREAM_GATHER = 128 * 1024,
	/*
	 * A reader is detached early when less than one part in so many of the ring is left for
	 * it.
	 */
	STREAM_MARGIN = 16,
};

const char *
stream_name(enum form form)
{
	return form == FORM_DOMAINS ? "domain" : form_name(form);
}

bool
stream_form_put(enum form form, struct buf *out, struct span line)
{
	if (form_is_domains(line)) {
		if (form == FORM_DOMAINS)
			buf_put(out, line);
		return form == FORM_DOMAINS;
	}
	if (form == FORM_DOMAINS)
		return event_put_domains(out, line);
	if (form == FORM_FULL)
		buf_put(out, line);
	else if (!event_put_lite(out, line))
		return false;
	buf_putc(out, '\n');	/* certstream-server-go ends these two forms with LF */
	return true;
}

void
stream_init(struct stream *s, enum form form, size_t ring_bytes,
    const struct stream_calls *calls)
{
	*s = (struct stream){ .form = form, .calls = calls };
	ring_init(&s->ring, ring_bytes);
	buf_init(&s->made);
}

void
stream_free(struct stream *s)
{
	ring_free(&s->ring);
	buf_free(&s->made);
	free(s->readers);
}

/* ---- who reads ---- */

static void
stream_swap(struct stream *s, size_t i, size_t k)
{
	struct reader *r = s->readers[i];

	s->readers[i] = s->readers[k];
	s->readers[k] = r;
	s->readers[i]->slot = i;
	s->readers[k]->slot = k;
}

static void
stream_block(struct stream *s, struct reader *r)
{
	if (!r->detached && r->at < s->lowest)
		s->lowest = r->at;
	if (r->blocked)
		return;
	stream_swap(s, r->slot, s->blocked++);
	r->blocked = true;
	s->calls->blocked(r, true);
}

static void
stream_unblock(struct stream *s, struct reader *r)
{
	if (!r->blocked)
		return;
	stream_swap(s, r->slot, --s->blocked);
	r->blocked = false;
	s->calls->blocked(r, false);
}

void
stream_join(struct stream *s, struct reader *r, int fd)
{
	reader_init(r, fd, &s->ring);
	if (s->count == s->room) {
		s->room = s->room == 0 ? 64 : s->room * 2;
		s->readers = realloc(s->readers, s->room * sizeof(struct reader *));
		if (s->readers == NULL)
			die_world("out of memory for %zu readers", s->room);
	}
	r->slot = s->count;
	s->readers[s->count++] = r;
}

void
stream_leave(struct stream *s, struct reader *r)
{
	if (r->blocked)
		stream_swap(s, r->slot, --s->blocked);
	stream_swap(s, r->slot, --s->count);
	s->skipped += r->skipped;
	s->sent += r->sent;
	reader_free(r);
}

/* ---- what is sent ---- */

void
stream_serve(struct stream *s, struct reader *r)
{
	switch (reader_send(r, &s->ring)) {
	case READER_DONE:
		stream_unblock(s, r);
		break;
	case READER_BLOCKED:
		stream_block(s, r);
		break;
	case READER_ENDED:
		s->calls->over(r, true);
		break;
	case READER_GONE:
		s->calls->over(r, false);
		break;
	}
}

bool
stream_has_news(const struct stream *s)
{
	return s->ring.head != s->flushed;
}

/*
 * While it serves the readers, their array changes. A reader that blocks changes
 * places with the first that is not blocked, which has been served already, so i goes
 * on. A reader that leaves is replaced by the last one, which has not been served, so
 * i stays.
 */
void
stream_flush(struct stream *s)
{
	size_t i = s->blocked;

	while (i < s->count) {
		size_t count = s->count;

		stream_serve(s, s->readers[i]);
		if (s->count == count)
			i++;
	}
	s->flushed = s->ring.head;
}

/*
 * Detaches readers before the ring overwrites everything below tail. Some more
 * are detached than must be, which costs them nothing, so that all blocked
 * readers need not be looked at again soon.
 */
static void
stream_rescue(struct stream *s, uint64_t tail)
{
	uint64_t safe = tail + s->ring.size / STREAM_MARGIN;

	s->lowest = UINT64_MAX;
	for (size_t i = 0; i < s->blocked; i++) {
		struct reader *r = s->readers[i];

		if (!r->detached && r->at < safe)
			reader_detach(r, &s->ring);
		else if (!r->detached && r->at < s->lowest)
			s->lowest = r->at;
	}
}

/*
 * Puts one frame that counts for so many records. One that is larger than the
 * ring is replaced by a record "skipped".
 */
static void
stream_put(struct stream *s, unsigned opcode, struct span payload, uint64_t records)
{
	uint8_t head[FRAME_HEAD];
	struct span parts[] = { { head, frame_head(head, opcode, payload.n) }, payload };
	size_t n = parts[0].n + parts[1].n;
	uint64_t tail;

	if (n > s->ring.size) {
		stream_put_skipped(s, records);
		return;
	}
	if (s->ring.head + n - s->flushed > s->ring.size)
		stream_flush(s);	/* all who are not blocked then stand at head */
	tail = ring_tail_after(&s->ring, n);
	if (s->blocked > 0 && tail > s->lowest)
		stream_rescue(s, tail);
	ring_put(&s->ring, parts, 2, records);
	s->texts += opcode == FRAME_TEXT;
	if (s->ring.head - s->flushed >= STREAM_GATHER)
		stream_flush(s);
}

void
stream_put_event(struct stream *s, struct span line)
{
	if (s->count == 0)
		return;
	buf_reset(&s->made);
	if (stream_form_put(s->form, &s->made, line))
		stream_put(s, FRAME_TEXT, buf_span(&s->made), 1);
}

static void
stream_put_text(struct stream *s, uint64_t records)
{
	if (s->count > 0)
		stream_put(s, FRAME_TEXT, buf_span(&s->made), records);
}

void
stream_put_skipped(struct stream *s, uint64_t records)
{
	buf_reset(&s->made);
	record_put_skipped(&s->made, records);
	stream_put_text(s, records);
}

void
stream_put_heartbeat(struct stream *s, uint64_t ms)
{
	buf_reset(&s->made);
	buf_putf(&s->made, "{\"message_type\":\"heartbeat\",\"timestamp\":%llu.%03u}",
	    (unsigned long long)(ms / 1000), (unsigned)(ms % 1000));
	stream_put_text(s, 0);
}

void
stream_put_ping(struct stream *s)
{
	if (s->count > 0)
		stream_put(s, FRAME_PING, (struct span){ NULL, 0 }, 0);
}
