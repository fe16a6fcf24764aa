/*
 * Speaks WebSocket with one client.
 *
 * in: the bytes that the client sends
 * out: pongs and a close frame in the outbox of its reader
 * standard: RFC 6455 sections 5.5 and 7
 */
#include "ct-ws/websocket.h"

#include "base/tell.h"

void
websocket_open(struct websocket *w, struct site *site, struct reader *reader, struct span accept)
{
	*w = (struct websocket){ .site = site, .reader = reader };
	reader_put(reader, &reader->rendition->ring, accept);
	rendition_serve(reader);
}

void
websocket_leave(struct websocket *w)
{
	renditions_leave(&w->site->renditions, w->reader);
	w->reader = NULL;
}

void
websocket_count(struct websocket *w, enum metrics_close cause)
{
	if (!w->ending)
		w->site->metrics.closed[cause]++;
}

void
websocket_end(struct websocket *w, unsigned code, const char *why, enum metrics_close cause)
{
	struct buf frame;

	if (w->ending)
		return;
	tell(TELL_DEBUG, "client %llu: closed with %u: %s", (unsigned long long)w->reader->number,
	    code, why);
	websocket_count(w, cause);
	w->ending = true;
	buf_init(&frame);
	if (code == FRAME_NO_STATUS)
		frame_put(&frame, FRAME_CLOSE, SPAN(""));
	else
		frame_put_close(&frame, code, why);
	reader_end(w->reader, &w->reader->rendition->ring, buf_span(&frame));
	buf_free(&frame);
	rendition_serve(w->reader);
}

static bool
websocket_is_open(const struct websocket *w)
{
	return w->reader != NULL && !w->ending;
}

/*
 * Puts a pong without sending it: websocket_take sends all pongs together, so that pings cost
 * little.
 */
static void
websocket_pong(struct websocket *w)
{
	struct buf frame;

	if (w->pongs == MAX_WEBSOCKET_PONGS)
		rendition_serve(w->reader);
	if (!websocket_is_open(w))
		return;
	if (outbox_is_empty(&w->reader->out))
		w->pongs = 0;
	if (w->pongs == MAX_WEBSOCKET_PONGS) {
		websocket_end(w, FRAME_POLICY, "pings without reading the pongs",
		    METRICS_CLOSE_PROTOCOL);
		return;
	}
	w->pongs++;
	buf_init(&frame);
	frame_put(&frame, FRAME_PONG, span_of(w->in.control, w->in.control_n));
	reader_put(w->reader, &w->reader->rendition->ring, buf_span(&frame));
	buf_free(&frame);
}

void
websocket_take(struct websocket *w, struct span bytes)
{
	enum frame_got got = FRAME_GOT_PONG;

	while (websocket_is_open(w) && got != FRAME_GOT_NONE) {
		got = frame_next(&w->in, &bytes);
		if (got == FRAME_GOT_PING)
			websocket_pong(w);
		else if (got == FRAME_GOT_CLOSE) {
			w->closed_by_peer = true;
			websocket_end(w, w->in.code, "", METRICS_CLOSE_CLIENT);
		} else if (got == FRAME_GOT_BAD)
			websocket_end(w, w->in.code, w->in.why, METRICS_CLOSE_PROTOCOL);
	}
	if (websocket_is_open(w) && !outbox_is_empty(&w->reader->out))
		rendition_serve(w->reader);
}
