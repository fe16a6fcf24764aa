/*
 * Answers the requests of a client.
 *
 * in: the heads of requests
 * out: answers, or a stream that is begun
 * standard: RFC 9112
 */
#include "ct-ws/client_parts.h"

#include "base/tell.h"
#include "ct-ws/client_door.h"
#include "ct-ws/site/route.h"
#include "ct-ws/site/wish.h"
#include "ct-ws/ws/extension.h"
#include "ct-ws/ws/handshake.h"
#include "enc/deflate.h"

/* ---- answers ---- */

bool
client_send_answer(struct client *c)
{
	if (outbox_send(&c->out, &c->sock) < 0) {
		client_close(c, false);
		return false;
	}
	if (!outbox_is_empty(&c->out)) {
		client_due(c, CLIENT_ANSWER_MS);
		if (c->deadline > c->last_deadline)
			c->deadline = c->last_deadline;
		loop_want(c->all->loop, &c->io, LOOP_WRITE);
		return false;
	}
	if (!c->keep_alive) {
		client_farewell(c);
		return false;
	}
	c->state = CLIENT_REQUEST;
	/* Bytes that are left are the beginning of the next request. */
	client_due(c, c->bytes.n > 0 ? CLIENT_REQUEST_MS : CLIENT_IDLE_MS);
	loop_want(c->all->loop, &c->io, LOOP_READ);
	return true;
}

/*
 * Begins to send the answer a, whose reference to its body it takes over; with head_only without
 * body.
 */
static void
client_answer(struct client *c, struct answer a, bool head_only)
{
	struct buf head;

	buf_init(&head);
	answer_put_head(&a, c->keep_alive, &head);
	outbox_put(&c->out, buf_span(&head));
	buf_free(&head);
	if (!head_only)
		outbox_put_body(&c->out, a.body);
	body_drop(a.body);
	c->state = CLIENT_ANSWER;
	c->last_deadline = loop_now(c->all->loop) + CLIENT_ANSWER_ALL_MS;
}

/* Answers a request that is refused with a line for people. */
static void
client_refuse(struct client *c, const struct request *r, unsigned status, const char *why)
{
	struct answer a = answer_line(status, why, status == 426 ? "Sec-WebSocket-Version: 13\r\n" :
	    status == 405 ? "Allow: GET, HEAD, OPTIONS\r\n" :
	    status == 503 ? "Access-Control-Allow-Origin: *\r\nCache-Control: no-store\r\n"
	    "Retry-After: 30\r\n" :
	    "Access-Control-Allow-Origin: *\r\nCache-Control: no-store\r\n");

	a.upgrade = status == 426;
	c->keep_alive = false;
	client_answer(c, a, r->method == REQUEST_HEAD);
}

void
client_turn_away(struct client *c, enum door_why why, bool head_only)
{
	bool answers = c->tls == NULL || c->sock.tls != NULL || why == DOOR_TLS;

	c->all->site->metrics.turned_away[why]++;
	tell(TELL_DEBUG, "client %llu: turned away: %s", (unsigned long long)c->number,
	    door_sentence(why));
	if (!answers) {
		client_farewell(c);
		return;
	}
	c->keep_alive = false;
	client_answer(c, answer_line(door_status(why), door_sentence(why), door_fields(why)), head_only);
}

/* ---- streams ---- */

/*
 * Returns true when the filter of wish can be put into force. Where it cannot, the client waits, or
 * has been refused.
 */
static bool
client_prepare(struct client *c, const struct request *r, const struct wish *wish)
{
	enum ticket_got got = renditions_prepare(&c->all->site->renditions, &c->ticket, &wish->filter,
	    wish->want.since.epoch != 0);

	if (got == TICKET_WAITS) {
		clients_wait(c);
		client_want(c, false);
		client_due(c, CLIENT_WAIT_MS);
	} else if (got == TICKET_FULL) {
		ticket_drop(&c->ticket);
		client_refuse(c, r, 503, "Too many regexes wait to be compiled; come again.");
	}
	return got == TICKET_READY;
}

/*
 * Lets the reader join the stream that is asked for. pack is how a WebSocket has agreed to compress.
 * Returns false when the client waits for its filter, or the request has been answered with a refusal
 * instead.
 */
static bool
client_join(struct client *c, const struct request *r, struct route route, enum pack pack)
{
	struct buf why;
	struct wish wish;
	const char *full = NULL;
	enum door_why refused;
	bool joined;

	buf_init(&why);
	c->reader = (struct reader){ .sock = &c->sock, .owner = c, .number = c->number };
	if (!wish_parse(&wish, route, r, &why)) {
		client_refuse(c, r, 400, buf_str(&why));
		buf_free(&why);
		return false;
	}
	if (!client_prepare(c, r, &wish)) {
		wish_free(&wish);
		buf_free(&why);
		return false;
	}
	if (pack != PACK_PLAIN)
		wish.want.kind.pack = pack;
	refused = door_begin_stream(c->all->door, &c->pass, wish.want.kind.form);
	joined = refused == DOOR_OPEN &&
	    renditions_join(&c->all->site->renditions, &c->reader, &wish.want, &full);
	if (refused != DOOR_OPEN)
		client_turn_away(c, refused, r->method == REQUEST_HEAD);
	else if (!joined)
		client_refuse(c, r, 503, full);
	ticket_drop(&c->ticket);
	wish_free(&wish);
	buf_free(&why);
	return joined;
}

static enum pack
client_pack(enum extension_deflate agreed)
{
	return agreed == EXTENSION_SHARED ? PACK_SHARED :
	    agreed == EXTENSION_ALONE ? PACK_SINGLE : PACK_PLAIN;
}

static void
client_upgrade(struct client *c, struct route route, const struct request *r)
{
	unsigned status;
	const char *why = handshake_check(r, &status);
	struct extension chosen;
	struct buf accept, offers;

	if (why == NULL) {
		buf_init(&offers);
		request_join(r, "Sec-WebSocket-Extensions", &offers);
		why = extension_choose(buf_span(&offers), &chosen);
		buf_free(&offers);
		status = 400;
	}
	if (why != NULL) {
		client_refuse(c, r, status, why);
		return;
	}
	if (!client_join(c, r, route, client_pack(chosen.deflate)))
		return;
	buf_init(&accept);
	handshake_put(&accept, c->all->hash, r->key, chosen.answer);
	client_begin_stream(c, CLIENT_WEBSOCKET,
	    chosen.deflate == EXTENSION_NONE ? NULL : clients_gz(c->all), buf_span(&accept));
	buf_free(&accept);
}

static void
client_stream(struct client *c, struct route route, const struct request *r)
{
	struct buf accept;
	bool packed;

	c->keep_alive = false;
	if (!client_join(c, r, route, PACK_PLAIN))
		return;
	packed = c->reader.packed;
	buf_init(&accept);
	answer_put_stream_head(route.what == ROUTE_SSE ? "text/event-stream; charset=utf-8" :
	    "application/x-ndjson; charset=utf-8", packed, &accept);
	if (packed)
		deflate_put_gzip_head(&accept);
	client_begin_stream(c, CLIENT_STREAM, NULL, buf_span(&accept));
	buf_free(&accept);
}

/* ---- requests ---- */

static void
client_take_request(struct client *c, const struct request *r)
{
	struct route route = route_find(r->path);
	enum door_why why = client_may_ask(c, r, route);

	c->keep_alive = r->keep_alive && !c->all->stopping && !c->is_spare;
	if (why != DOOR_OPEN)
		client_turn_away(c, why, r->method == REQUEST_HEAD);
	else if (route.what == ROUTE_STREAM && r->upgrade)
		client_upgrade(c, route, r);
	else if (route_is_endless(route) && r->method == REQUEST_GET)
		client_stream(c, route, r);
	else
		client_answer(c, route_answer(c->all->site, route, r, loop_now(c->all->loop)),
		    r->method == REQUEST_HEAD);
}

void
client_take_bytes(struct client *c)
{
	struct request r;
	enum request_got got;

	do {
		got = c->bytes.n > 0 ? request_parse(buf_span(&c->bytes), &r) : REQUEST_MORE;
		if (got == REQUEST_MORE) {
			if (c->bytes.n == 0)
				buf_free(&c->bytes);
			return;
		}
		c->all->site->metrics.requests += c->ticket == NULL;	/* one that waits comes twice */
		if (got == REQUEST_BAD) {
			c->keep_alive = false;
			client_answer(c, answer_line(r.status, r.why, ""), r.method == REQUEST_HEAD);
			r.length = c->bytes.n;
		} else
			client_take_request(c, &r);
		if (c->wait_at != NULL)
			return;
		buf_drop(&c->bytes, c->state == CLIENT_DEAD ? 0 : r.length);
	} while (c->state == CLIENT_ANSWER && client_send_answer(c));
	if (c->state == CLIENT_WEBSOCKET)
		client_take_frames(c, buf_span(&c->bytes));
	else if (c->state != CLIENT_ANSWER)
		buf_free(&c->bytes);
}

void
client_read_request(struct client *c)
{
	size_t most = c->bytes.n < MAX_HTTP_HEAD ? MAX_HTTP_HEAD - c->bytes.n : 1;
	ptrdiff_t n = client_receive(c, most);

	if (n <= 0)
		return;
	if (c->bytes.n == 0)
		client_due(c, c->is_spare ? CLIENT_SPARE_MS : CLIENT_REQUEST_MS);
	buf_put(&c->bytes, span_of(c->all->scratch, (size_t)n));
	client_take_bytes(c);
}
