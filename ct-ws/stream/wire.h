/*
 * The wire forms: how a record, a notice and a sign of life look to a client. Each of them has
 * a small file that describes it in a struct wire; the functions here put frames together from
 * that. A frame is what a client gets whole or not at all.
 */
#ifndef CT_WS_STREAM_WIRE_H
#define CT_WS_STREAM_WIRE_H

#include "base/buf.h"
#include "bus/bus_place.h"

enum wire_form {
	WIRE_WEBSOCKET,		/* RFC 6455: one text message a record */
	WIRE_SSE,		/* server-sent events (WHATWG HTML 9.2) */
	WIRE_NDJSON,		/* JSON, one record a line */
	WIRES,			/* how many wire forms there are */
};

enum wire_event {
	WIRE_RECORD,		/* a certificate */
	WIRE_HEARTBEAT,
	WIRE_SKIPPED,		/* how many records the client has missed */
	WIRE_SUBSCRIBED,	/* which filter is in force */
};

/* One text that is to be framed. */
struct wire_text {
	enum wire_event event;
	struct span text;	/* one JSON object, without LF */
	bool lf;		/* on a WebSocket an LF ends the text, as certstream-server-go has it */
	bool numbered;		/* the object gets a member "seq", with place */
	struct bus_place place;	/* of the record; epoch 0 where there is none */
};

enum {
	WIRE_LEAD = 128,	/* bytes in front of a text at most */
	WIRE_HEAD = 10,		/* bytes of the head of a frame at most */
	WIRE_PARTS = 3,		/* what is in front of the text, the text, what is behind it */
};

/* The payload of a frame, in parts; they point into the text and into lead. */
struct wire_payload {
	uint8_t lead[WIRE_LEAD];
	struct span parts[WIRE_PARTS];
	size_t n;		/* bytes of all parts */
};

struct wire {
	const char *name;	/* for metrics: "websocket", "sse", "ndjson" */

	/*
	 * Writes what stands in front of a text with this event and place into lead, and returns
	 * its length in bytes.
	 */
	size_t (*lead)(uint8_t lead[WIRE_LEAD], enum wire_event event, const struct bus_place *place);

	struct span end;	/* what stands behind a text; not counting the LF of lf */

	/*
	 * Writes the head of a frame with n bytes of payload into head, and returns its length in
	 * bytes. deflated says that the payload is compressed. NULL where frames have no head.
	 */
	size_t (*head)(uint8_t head[WIRE_HEAD], size_t n, bool deflated);

	struct span alive;	/* a frame without a record, to show that the server lives; may be empty */
};

/* Returns the description of a wire form. */
const struct wire *wire_of(enum wire_form form);

extern const struct wire websocket_wire, sse_wire, ndjson_wire;

/* Makes *p the payload of a frame for t in wire form w; the text of t must live as long as *p is used. */
void wire_make(const struct wire *w, struct wire_payload *p, const struct wire_text *t);

/*
 * Appends to out a whole frame for t that is not compressed. packed says that the whole connection of the
 * client is compressed: then the frame is wrapped in stored blocks of DEFLATE (RFC 1951 3.2.4), which need
 * no compressor. On a WebSocket, where each message says whether it is compressed, packed changes nothing.
 */
void wire_put(const struct wire *w, struct buf *out, const struct wire_text *t, bool packed);

#endif
