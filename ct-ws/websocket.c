/*
 * Speaks WebSocket with one client.
 *
 * in: the bytes that the client sends
 * out: pongs and a close frame in the outbox of its reader
 * standard: RFC 6455 sections 5.5 and 7
 */
#include "ct-ws/websocket.h"

#include <stdlib.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-ws/stream/rendition_round.h"
#include "enc/json.h"
#include "enc/json_put.h"

/* A filter that a client has sent, and what of it is not compiled yet. */
struct websocket_order {
	struct filter filter;
	struct ticket *ticket;
};

void
websocket_open(struct websocket *w, struct site *site, struct reader *reader, struct gz *gz,
    struct span accept)
{
	*w = (struct websocket){ .site = site, .reader = reader, .in = { .gz = gz } };
	reader_put(reader, &reader->rendition->ring, accept);
	rendition_serve(reader);
}

static void
websocket_drop_order(struct websocket *w)
{
	if (w->order == NULL)
		return;
	ticket_drop(&w->order->ticket);
	filter_free(&w->order->filter);
	free(w->order);
	w->order = NULL;
}

void
websocket_free(struct websocket *w)
{
	websocket_drop_order(w);
	frame_free(&w->in);
	w->reader = NULL;
}

void
websocket_second(struct websocket *w)
{
	w->orders = 0;
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
	return w->reader != NULL && w->reader->rendition != NULL && !w->ending;
}

/*
 * Returns true when one more answer may wait for the client. One that asks and does not read the
 * answers is ended, as they would take more and more memory.
 */
static bool
websocket_has_room(struct websocket *w)
{
	if (w->answers == MAX_WEBSOCKET_ANSWERS)
		rendition_serve(w->reader);
	if (!websocket_is_open(w))
		return false;
	if (outbox_is_empty(&w->reader->out))
		w->answers = 0;
	if (w->answers == MAX_WEBSOCKET_ANSWERS) {
		websocket_end(w, FRAME_POLICY, "pings or filters without reading the answers",
		    METRICS_CLOSE_PROTOCOL);
		return false;
	}
	w->answers++;
	return true;
}

/*
 * Puts a pong without sending it: websocket_take sends all answers together, so that pings cost
 * little.
 */
static void
websocket_pong(struct websocket *w)
{
	struct buf frame;

	if (!websocket_has_room(w))
		return;
	buf_init(&frame);
	frame_put(&frame, FRAME_PONG, span_of(w->in.control, w->in.control_n));
	reader_put(w->reader, &w->reader->rendition->ring, buf_span(&frame));
	buf_free(&frame);
}

/* ---- messages ---- */

/* Returns true when text begins like an object whose first key is "subscribe". */
static bool
websocket_begins_order(struct span text)
{
	static const char want[] = "{\"subscribe\"";
	size_t n = 0;

	for (size_t i = 0; i < text.n && n < sizeof(want) - 1; i++)
		if (text.p[i] == (uint8_t)want[n])
			n++;
		else if (n > 1 || strchr(" \t\r\n", text.p[i]) == NULL)
			return false;
	return n == sizeof(want) - 1;
}

/*
 * Returns true when text is meant for us: an object with the key "subscribe", or something broken that
 * begins like one.
 */
static bool
websocket_is_order(struct span text)
{
	struct json_str key;
	struct json j;
	bool has = websocket_begins_order(text);

	json_init(&j, text);
	if (has || json_peek(&j) != JSON_OBJECT)
		return has;
	json_enter(&j);
	while (!has && json_key(&j, &key)) {
		has = json_is(key, "subscribe");
		json_skip(&j, NULL);
	}
	return has;
}

/* Puts an answer to the client: text, or that its message is wrong, and why. */
static void
websocket_answer(struct websocket *w, const struct filter *filter, const char *wrong)
{
	struct wire_text answer = { .event = WIRE_SUBSCRIBED };
	struct buf said, frame;

	buf_init(&said);
	buf_init(&frame);
	if (wrong == NULL)
		filter_put_json(filter, &said);
	else {
		buf_puts(&said, "{\"message_type\":\"error\",\"error\":");
		json_put(&said, span_str(wrong));
		buf_putc(&said, '}');
	}
	answer.text = buf_span(&said);
	wire_put(w->reader->wire, &frame, &answer, false);
	reader_put(w->reader, &w->reader->rendition->ring, buf_span(&frame));
	buf_free(&said);
	buf_free(&frame);
}

bool
websocket_waits(const struct websocket *w)
{
	return w->order != NULL;
}

void
websocket_go_on(struct websocket *w)
{
	struct renditions *all = &w->site->renditions;
	enum ticket_got got = TICKET_WAITS;
	const char *full = "Too many regexes wait to be compiled; come again.";

	if (w->order != NULL && websocket_is_open(w) && ticket_is_ready(w->order->ticket))
		got = renditions_prepare(all, &w->order->ticket, &w->order->filter,
		    w->reader->replay != NULL);
	if (w->order == NULL || (got == TICKET_WAITS && websocket_is_open(w)))
		return;
	if (got == TICKET_READY && renditions_filter(all, w->reader, &w->order->filter, &full))
		full = NULL;
	if (websocket_is_open(w))
		websocket_answer(w, &w->order->filter, full);
	websocket_drop_order(w);
}

/* Reads what filter a message asks for. Returns it, or NULL when it is wrong, which the client is told. */
static struct websocket_order *
websocket_order(struct websocket *w, struct span text)
{
	struct websocket_order *o = calloc(1, sizeof(*o));
	struct buf why;

	if (o == NULL)
		die_world("out of memory for a filter");
	buf_init(&why);
	if (!filter_parse_json(&o->filter, text, &why)) {
		websocket_answer(w, NULL, buf_str(&why));
		free(o);
		o = NULL;
	}
	buf_free(&why);
	return o;
}

static void
websocket_message(struct websocket *w)
{
	struct span text;
	bool whole = frame_text(&w->in, &text);

	if (whole ? !websocket_is_order(text) : !websocket_begins_order(text))
		return;
	if (w->orders++ == MAX_WEBSOCKET_ORDERS) {
		websocket_end(w, FRAME_POLICY, "too many filters in a second", METRICS_CLOSE_PROTOCOL);
		return;
	}
	if (!websocket_has_room(w))
		return;
	if (!whole) {
		websocket_answer(w, NULL, "a message with a filter may have 16 KiB, and this one has more");
		return;
	}
	w->order = websocket_order(w, text);
	websocket_go_on(w);
}

struct span
websocket_take(struct websocket *w, struct span bytes)
{
	enum frame_got got = FRAME_GOT_PONG;

	while (websocket_is_open(w) && !websocket_waits(w) && got != FRAME_GOT_NONE) {
		got = frame_next(&w->in, &bytes);
		if (got == FRAME_GOT_PING)
			websocket_pong(w);
		else if (got == FRAME_GOT_TEXT)
			websocket_message(w);
		else if (got == FRAME_GOT_CLOSE) {
			w->closed_by_peer = true;
			websocket_end(w, w->in.code, "", METRICS_CLOSE_CLIENT);
		} else if (got == FRAME_GOT_BAD)
			websocket_end(w, w->in.code, w->in.why, METRICS_CLOSE_PROTOCOL);
	}
	if (websocket_is_open(w) && !outbox_is_empty(&w->reader->out))
		rendition_serve(w->reader);
	return bytes;
}
