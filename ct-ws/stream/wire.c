/*
 * Puts frames together in every wire form.
 *
 * in: texts, and the description of a wire form
 * out: frames, in parts or as bytes
 */
#include "ct-ws/stream/wire.h"

#include <stdio.h>

enum { WIRE_STORED = 65535 };	/* bytes in a stored block at most, RFC 1951 3.2.4 */

const struct wire *
wire_of(enum wire_form form)
{
	static const struct wire *const wires[WIRES] = {
		[WIRE_WEBSOCKET] = &websocket_wire,
		[WIRE_SSE] = &sse_wire,
		[WIRE_NDJSON] = &ndjson_wire,
	};

	return wires[form];
}

void
wire_make(const struct wire *w, struct wire_payload *p, const struct wire_text *t)
{
	char place[BUS_PLACE + 1];
	struct span text = t->text;
	size_t n = w->lead != NULL ? w->lead(p->lead, t->event, &t->place) : 0;

	if (t->numbered && t->place.epoch != 0 && text.n > 1) {
		bus_place_write(place, &t->place);
		n += (size_t)snprintf((char *)p->lead + n, WIRE_LEAD - n, "{\"seq\":\"%s\",", place);
		text = span_from(text, 1);	/* all objects have a member */
	}
	p->parts[0] = span_of(p->lead, n);
	p->parts[1] = text;
	p->parts[2] = w->head != NULL && t->lf ? SPAN("\n") : w->end;
	p->n = n + text.n + p->parts[2].n;
}

/* Appends s in blocks of DEFLATE that are stored as they are. */
static void
wire_put_stored(struct buf *out, struct span s)
{
	while (s.n > 0) {
		size_t n = s.n < WIRE_STORED ? s.n : WIRE_STORED;
		uint8_t head[5] = { 0, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)~n, (uint8_t)(~n >> 8) };

		buf_put(out, span_of(head, sizeof(head)));
		buf_put(out, span_of(s.p, n));
		s = span_from(s, n);
	}
}

void
wire_put(const struct wire *w, struct buf *out, const struct wire_text *t, bool packed)
{
	uint8_t head[WIRE_HEAD];
	struct wire_payload p;

	wire_make(w, &p, t);
	if (w->head != NULL)
		buf_put(out, span_of(head, w->head(head, p.n, false)));
	for (size_t i = 0; i < WIRE_PARTS; i++)
		if (w->head == NULL && packed)
			wire_put_stored(out, p.parts[i]);
		else
			buf_put(out, p.parts[i]);
}
