/*
 * Makes the frames of a rendition and puts them into its ring.
 *
 * in: texts, and what time it is
 * out: frames, plain and compressed, and notices
 */
#include "ct-ws/stream/rendition.h"

#include "ct-ws/stream/rendition_parts.h"
#include "ct-ws/stream/rendition_round.h"
#include "ct-ws/stream/text.h"
#include "ct/record.h"
#include "enc/deflate.h"

enum {
	/* Bytes after which frames are sent without waiting for a turn: as much as a socket takes. */
	RENDITION_GATHER = 128 * 1024,
	/*
	 * Readers are detached early when less than one part in so many of the ring is left for
	 * them, so that not all of them need be looked at again soon.
	 */
	RENDITION_MARGIN = 16,
	RENDITION_GROUP = 64,		/* messages from one that starts to the next */
	RENDITION_BEAT = 10,		/* seconds without a text until there is a heartbeat */
	RENDITION_PING = 30,		/* seconds from one ping to the next */
	RENDITION_LOOK = 3,		/* seconds between two looks at readers with a filter */
};

/* ---- frames ---- */

/* Lets the ring overwrite all below the place tail. */
static void
rendition_rescue(struct rendition *d, uint64_t tail)
{
	uint64_t safe = tail + d->ring.size / RENDITION_MARGIN;
	struct reader_rest rest = { .body = NULL };

	crowd_rescue(&d->all, &d->ring, safe, &rest);
	crowd_rescue(&d->picky, &d->ring, safe, &rest);
	body_drop(rest.body);
}

static bool
rendition_is_needed(const struct rendition *d, uint64_t tail)
{
	return crowd_needs(&d->all, tail) || crowd_needs(&d->picky, tail);
}

/* Gives the ring twice its size, as far as it may grow. Returns false when it may not. */
static bool
rendition_grow(struct rendition *d)
{
	size_t to = d->ring.size < d->ring_most / 2 ? d->ring.size * 2 : d->ring_most;
	size_t more = to - d->ring.size;

	if (more == 0 || (d->spare != NULL && *d->spare < more))
		return false;
	if (d->spare != NULL)
		*d->spare -= more;
	ring_resize(&d->ring, to);
	return true;
}

/* Makes room for a frame of n bytes. Returns false when the ring cannot hold it. */
static bool
rendition_make_room(struct rendition *d, size_t n)
{
	d->making_room = true;
	if (d->ring.head + n - d->flushed > d->ring.size)
		rendition_flush(d);	/* all who are not blocked then need nothing of the ring */
	d->making_room = false;
	while ((n > d->ring.size / 2 || rendition_is_needed(d, ring_tail_after(&d->ring, n))) &&
	    rendition_grow(d))
		;
	if (n > d->ring.size)
		return false;
	if (rendition_is_needed(d, ring_tail_after(&d->ring, n)))
		rendition_rescue(d, ring_tail_after(&d->ring, n));
	return true;
}

/* Puts a frame of these parts that counts for so many records. Returns false when it is too large. */
static bool
rendition_put_frame(struct rendition *d, const struct span *parts, size_t count, bool starts,
    uint64_t records)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += parts[i].n;
	if (!rendition_make_room(d, n))
		return false;
	if (starts)
		ring_put(&d->ring, parts, count, records);
	else
		ring_append(&d->ring, parts, count, records);
	return true;
}

/* Puts the frame of a text as it is. */
static bool
rendition_put_plain(struct rendition *d, const struct wire_text *t, uint64_t records)
{
	uint8_t head[WIRE_HEAD];
	struct span parts[1 + WIRE_PARTS];
	struct wire_payload p;
	size_t n;

	wire_make(d->wire, &p, t);
	n = d->wire->head != NULL ? d->wire->head(head, p.n, false) : 0;
	parts[0] = span_of(head, n);
	memcpy(parts + 1, p.parts, sizeof(p.parts));
	return rendition_put_frame(d, parts, 1 + WIRE_PARTS, true, records);
}

/* Puts the frame of a text, compressed. */
static bool
rendition_put_packed(struct rendition *d, const struct wire_text *t)
{
	bool starts = d->kind.pack == PACK_SINGLE || d->grouped == 0;
	uint8_t head[WIRE_HEAD];
	struct span parts[2];
	struct wire_payload p;
	size_t n = 0;

	wire_make(d->wire, &p, t);
	buf_reset(&d->payload);
	buf_reset(&d->packed);
	for (size_t i = 0; i < WIRE_PARTS; i++)
		buf_put(&d->payload, p.parts[i]);
	if (starts)
		deflate_reset(d->deflate);
	if (d->wire->head != NULL) {
		deflate_put_message(d->deflate, buf_span(&d->payload), &d->packed);
		n = d->wire->head(head, d->packed.n, true);
	} else
		deflate_put(d->deflate, buf_span(&d->payload), &d->packed);
	parts[0] = span_of(head, n);
	parts[1] = buf_span(&d->packed);
	if (!rendition_put_frame(d, parts, 2, starts, 1)) {
		d->grouped = 0;
		return false;
	}
	d->grouped = d->kind.pack == PACK_SINGLE ? 0 : (d->grouped + 1) % RENDITION_GROUP;
	return true;
}

/* Puts a notice in front of the readers without a filter. */
static void
rendition_put_notice(struct rendition *d, const struct wire_text *t, uint64_t records)
{
	struct buf frame;
	struct span part;

	if (d->all.count == 0)
		return;
	buf_init(&frame);
	wire_put(d->wire, &frame, t, kind_is_packed(&d->kind));
	part = buf_span(&frame);
	/* Readers of a compressed connection have the notice in their window, the compressor not. */
	if (kind_is_packed(&d->kind))
		d->grouped = 0;
	d->totals->texts++;
	rendition_put_frame(d, &part, 1, d->grouped == 0, records);
	buf_free(&frame);
}

/*
 * Ends the round under way when much has come since it began, and makes a whole one when much has come since
 * the last one ended.
 */
static void
rendition_gather(struct rendition *d)
{
	size_t most = SIZE_MAX;

	if (d->ring.head - (d->in_round ? d->round_head : d->round_end) < RENDITION_GATHER)
		return;
	if (!d->in_round)
		rendition_begin(d);
	rendition_go_on(d, &most);
}

/* ---- records ---- */

/* Counts records that a reader with a filter misses, and has it told. */
static void
rendition_pass_over(struct rendition *d, struct reader *r, uint64_t records)
{
	if (r->replay != NULL)
		return;
	r->untold += records;
	rendition_due(d, r);
}

/* Tells the readers without a filter that records are missing. */
static void
rendition_put_lost(struct rendition *d, uint64_t records)
{
	struct wire_text t = { .event = WIRE_SKIPPED };
	struct buf text;

	buf_init(&text);
	record_put_skipped(&text, records);
	t.text = buf_span(&text);
	if (!d->kind.quiet)
		rendition_put_notice(d, &t, records);
	buf_free(&text);
}

void
rendition_put_skipped(struct rendition *d, uint64_t records)
{
	rendition_put_lost(d, records);
	for (size_t i = 0; i < d->picky.count; i++)
		rendition_pass_over(d, d->picky.all[i], records);
	rendition_gather(d);
}

/* Puts one frame with a record that is wanted. Returns false when it is too large for the ring. */
static bool
rendition_put_record(struct rendition *d, const struct wire_text *t)
{
	bool put = d->kind.pack == PACK_PLAIN ? rendition_put_plain(d, t, 1) : rendition_put_packed(d, t);

	d->totals->texts += put;
	return put;
}

void
rendition_put(struct rendition *d, struct span text, struct bus_place place)
{
	struct wire_text t = { .text = text, .lf = text_has_lf(d->kind.form),
		.numbered = d->kind.numbered, .place = place };

	if (rendition_put_record(d, &t))
		rendition_pick(d);
	else {
		rendition_put_lost(d, 1);
		for (size_t i = 0; i < d->hits_count; i++)
			if (d->hits[i]->rendition == d)
				rendition_pass_over(d, d->hits[i], 1);
	}
	rendition_miss(d);
	rendition_gather(d);
}

/* ---- signs of life ---- */

/* Puts a frame for one reader alone, and has it sent. */
static void
rendition_tell(struct reader *r, struct span frame)
{
	reader_put(r, &r->rendition->ring, frame);
	rendition_due(r->rendition, r);
}

static void
rendition_put_alive(struct rendition *d)
{
	if (d->all.count > 0 && d->wire->alive.n > 0 && !kind_is_packed(&d->kind))
		rendition_put_frame(d, &d->wire->alive, 1, d->grouped == 0, 0);
}

/* Makes the frame of a heartbeat, or what stands for it where a stream has none. */
static void
rendition_make_beat(const struct rendition *d, uint64_t ms, struct buf *frame)
{
	struct wire_text t = { .event = WIRE_HEARTBEAT };
	struct buf text;

	if (d->kind.form == FORM_DOMAINS && d->wire->alive.n > 0 && !kind_is_packed(&d->kind)) {
		buf_put(frame, d->wire->alive);
		return;
	}
	buf_init(&text);
	buf_putf(&text, "{\"message_type\":\"heartbeat\",\"timestamp\":%llu.%03u}",
	    (unsigned long long)(ms / 1000), (unsigned)(ms % 1000));
	t.text = buf_span(&text);
	wire_put(d->wire, frame, &t, kind_is_packed(&d->kind));
	buf_free(&text);
}

/* Gives a heartbeat to each reader with a filter that has been given nothing for two looks. */
static void
rendition_look(struct rendition *d, struct span beat)
{
	for (size_t i = 0; i < d->picky.count; i++) {
		struct reader *r = d->picky.all[i];

		r->silent = r->picked == r->spoken ? (uint8_t)(r->silent + 1) : 0;
		r->spoken = r->picked;
		if (r->silent < RENDITION_BEAT / RENDITION_LOOK || r->blocked)
			continue;
		r->silent = 0;
		rendition_tell(r, beat);
	}
}

/*
 * Gives a frame to each reader without a filter who waits for the hub: it is sent nothing of the ring.
 * Others of those whose older records come first are blocked.
 */
static void
rendition_tell_waiting(struct rendition *d, struct span frame)
{
	for (size_t i = d->all.blocked; i < d->all.count; i++)
		if (d->all.all[i]->replay != NULL)
			rendition_tell(d->all.all[i], frame);
}

static void
rendition_ping(struct rendition *d)
{
	rendition_put_alive(d);
	rendition_tell_waiting(d, d->wire->alive);
	for (size_t i = 0; i < d->picky.count; i++)
		if (!d->picky.all[i]->blocked)
			rendition_tell(d->picky.all[i], d->wire->alive);
}

void
rendition_second(struct rendition *d, uint64_t unix_ms)
{
	bool silent = d->totals->texts == d->texts_before;
	struct buf beat;
	struct span part;

	rendition_calm(d);
	d->silent = silent ? d->silent + 1 : 0;
	d->second = (d->second + 1) % RENDITION_PING;
	buf_init(&beat);
	rendition_make_beat(d, unix_ms, &beat);
	part = buf_span(&beat);
	if (d->silent >= RENDITION_BEAT && d->all.count > 0) {
		d->silent = 0;
		if (kind_is_packed(&d->kind))
			d->grouped = 0;
		rendition_put_frame(d, &part, 1, d->grouped == 0, 0);
		rendition_tell_waiting(d, part);
	}
	if (d->second % RENDITION_LOOK == 0)
		rendition_look(d, part);
	if (d->second == 0 && d->kind.wire == WIRE_WEBSOCKET)
		rendition_ping(d);
	d->texts_before = d->totals->texts;
	buf_free(&beat);
}
