/*
 * Serves connections.
 *
 * in: what the clients send, and their deadlines
 * out: answers and streams on their sockets
 * standard: RFC 9112 for HTTP, RFC 6455 sections 5.5 and 7 for control frames
 */
#include "ct-ws/client.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-ws/client_door.h"
#include "ct-ws/site/route.h"
#include "ct-ws/site/wish.h"
#include "ct-ws/ws/extension.h"
#include "ct-ws/ws/handshake.h"
#include "enc/deflate.h"

static void
client_due(struct client *c, unsigned ms)
{
	c->deadline = loop_now(c->all->loop) + ms;
}

void
client_close(struct client *c, bool drop)
{
	if (c->state == CLIENT_DEAD)
		return;
	if (c->reader.rendition != NULL)
		renditions_leave(&c->all->site->renditions, &c->reader);
	websocket_free(&c->ws);
	c->state = CLIENT_DEAD;
	loop_del(c->all->loop, &c->io);
	sock_close(&c->sock, drop);
	door_leave(c->all->door, &c->pass);
	outbox_free(&c->out);
	buf_free(&c->bytes);
	clients_bury(c->all, c);
}

/*
 * To close the connection now could lose the last bytes: when the client has sent something that is
 * unread, the kernel resets it.
 */
void
client_farewell(struct client *c)
{
	if (c->ws.closed_by_peer || sock_shut(&c->sock) < 0) {
		client_close(c, false);
		return;
	}
	c->state = CLIENT_FAREWELL;
	client_due(c, CLIENT_END_MS);
	loop_want(c->all->loop, &c->io, LOOP_READ);
}

/* ---- streams ---- */

static void
client_end(struct client *c, unsigned code, const char *why, enum metrics_close cause)
{
	websocket_end(&c->ws, code, why, cause);
	if (c->state == CLIENT_WEBSOCKET)
		client_due(c, CLIENT_END_MS);
}

static void
client_take_frames(struct client *c, struct span bytes)
{
	websocket_take(&c->ws, bytes);
	if (c->state == CLIENT_WEBSOCKET && c->ws.ending)
		client_due(c, CLIENT_END_MS);
}

static void
client_blocked(struct reader *r, bool on)
{
	struct client *c = r->owner;

	c->stalled = false;
	loop_want(c->all->loop, &c->io, on ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

static void
client_over(struct reader *r, bool ended)
{
	struct client *c = r->owner;

	if (c->state == CLIENT_WEBSOCKET)
		websocket_count(&c->ws, METRICS_CLOSE_CLIENT);
	if (!ended) {
		client_close(c, false);
		return;
	}
	renditions_leave(&c->all->site->renditions, r);
	client_farewell(c);
}

const struct rendition_calls client_calls = { client_blocked, client_over };

/*
 * Sends what waits for a reader whose socket is writable. When the kernel is short of memory, a
 * socket may be writable and take nothing; then the clock tries again.
 */
static void
client_go_on(struct client *c)
{
	uint64_t before = c->reader.sent;

	rendition_serve(&c->reader);
	if (c->reader.rendition == NULL || !c->reader.blocked || c->reader.sent != before)
		return;
	c->stalled = true;
	loop_want(c->all->loop, &c->io, LOOP_READ);
}

/* Begins to send the stream that has been joined, behind accept. gz is that of websocket_open. */
static void
client_begin_stream(struct client *c, enum client_state state, struct gz *gz, struct span accept)
{
	c->state = (uint8_t)state;
	client_due(c, CLIENT_SILENT_MS);
	tell(TELL_DEBUG, "client %llu: reads the stream %s as %s", (unsigned long long)c->number,
	    form_name(c->reader.rendition->kind.form), c->reader.wire->name);
	if (state == CLIENT_WEBSOCKET)
		websocket_open(&c->ws, c->all->site, &c->reader, gz, accept);
	else {
		reader_put(&c->reader, &c->reader.rendition->ring, accept);
		rendition_serve(&c->reader);
	}
}

/* ---- HTTP ---- */

/*
 * Sends what is left of the answer. Returns true when all is sent and the next request may come.
 */
static bool
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

/*
 * Lets the reader join the stream that is asked for. pack is how a WebSocket has agreed to compress.
 * Returns false when the request has been answered with a refusal instead.
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
	if (pack != PACK_PLAIN)
		wish.want.kind.pack = pack;
	refused = door_begin_stream(&c->pass, wish.want.kind.form);
	joined = refused == DOOR_OPEN &&
	    renditions_join(&c->all->site->renditions, &c->reader, &wish.want, &full);
	if (refused != DOOR_OPEN)
		client_turn_away(c, refused, r->method == REQUEST_HEAD);
	else if (!joined)
		client_refuse(c, r, 503, full);
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

static void
client_take_request(struct client *c, const struct request *r)
{
	struct route route = route_find(r->path);
	bool endless = route.what == ROUTE_SSE || route.what == ROUTE_NDJSON;
	enum door_why why = client_may_ask(c, r, route);

	c->keep_alive = r->keep_alive && !c->all->stopping && !c->is_spare;
	if (why != DOOR_OPEN)
		client_turn_away(c, why, r->method == REQUEST_HEAD);
	else if (route.what == ROUTE_STREAM && r->upgrade)
		client_upgrade(c, route, r);
	else if (endless && r->method == REQUEST_GET)
		client_stream(c, route, r);
	else
		client_answer(c, route_answer(c->all->site, route, r, loop_now(c->all->loop)),
		    r->method == REQUEST_HEAD);
}

/* Answers the requests that have come, each when the answer to the one before is sent. */
static void
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
		c->all->site->metrics.requests++;
		if (got == REQUEST_BAD) {
			c->keep_alive = false;
			client_answer(c, answer_line(r.status, r.why, ""), r.method == REQUEST_HEAD);
			r.length = c->bytes.n;
		} else
			client_take_request(c, &r);
		buf_drop(&c->bytes, c->state == CLIENT_DEAD ? 0 : r.length);
	} while (c->state == CLIENT_ANSWER && client_send_answer(c));
	if (c->state == CLIENT_WEBSOCKET)
		client_take_frames(c, buf_span(&c->bytes));
	if (c->state != CLIENT_ANSWER)
		buf_free(&c->bytes);
}

/* ---- what the loop reports ---- */

static void
client_gone(struct client *c)
{
	if (c->state == CLIENT_WEBSOCKET)
		websocket_count(&c->ws, METRICS_CLOSE_CLIENT);
	client_close(c, false);
}

/*
 * Reads at most `most` bytes into scratch. Returns how many, or 0 when none had
 * come, or -1 when the other side is gone; then the client is closed.
 */
static ptrdiff_t
client_receive(struct client *c, size_t most)
{
	ptrdiff_t n = sock_recv(&c->sock, c->all->scratch, most);

	if (n < 0)
		client_gone(c);
	return n;
}

static void
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

static void
client_read_frames(struct client *c)
{
	ptrdiff_t n = client_receive(c, CLIENTS_SCRATCH);

	if (n <= 0 || c->state != CLIENT_WEBSOCKET || c->ws.ending)
		return;	/* what comes behind the request for a stream means nothing */
	client_due(c, CLIENT_SILENT_MS);
	client_take_frames(c, span_of(c->all->scratch, (size_t)n));
}

/* Reads on while a record of TLS has more bytes, for which the socket will not become readable. */
static void
client_read_rest(struct client *c)
{
	while ((c->state == CLIENT_REQUEST || c->state == CLIENT_WEBSOCKET || c->state == CLIENT_STREAM ||
	    c->state == CLIENT_FAREWELL) && sock_has(&c->sock)) {
		if (c->state == CLIENT_REQUEST)
			client_read_request(c);
		else
			client_read_frames(c);
	}
}

/* Goes a step through the door, and sends the answer that this may have led to. */
static void
client_step(struct client *c, void (*step)(struct client *))
{
	step(c);
	if (c->state == CLIENT_ANSWER)
		client_send_answer(c);
}

static void
client_ready(void *cookie, unsigned events)
{
	struct client *c = cookie;

	clients_clear(c->all);
	switch (c->state) {
	case CLIENT_PROXY:
	case CLIENT_HANDSHAKE:
		client_step(c, client_step_in);
		break;
	case CLIENT_REQUEST:
		client_read_request(c);
		break;
	case CLIENT_ANSWER:
		if (events & LOOP_WRITE) {
			if (client_send_answer(c))
				client_take_bytes(c);
		} else
			client_gone(c);
		break;
	case CLIENT_WEBSOCKET:
	case CLIENT_STREAM:
		if (events & (LOOP_READ | LOOP_HUP))
			client_read_frames(c);
		if (c->reader.rendition != NULL && c->reader.blocked && (events & LOOP_WRITE))
			client_go_on(c);
		break;
	case CLIENT_FAREWELL:
		client_receive(c, CLIENTS_SCRATCH);
		break;
	default:
		break;
	}
	client_read_rest(c);
}

static void
client_tell_address(const struct client *c)
{
	struct buf from;

	if (!tell_is_on(TELL_DEBUG))
		return;
	buf_init(&from);
	address_put(&from, &c->from);
	tell(TELL_DEBUG, "client %llu: from %s", (unsigned long long)c->number, buf_str(&from));
	buf_free(&from);
}

void
client_open(struct clients *all, int fd, const struct address *from)
{
	struct client *c = calloc(1, sizeof(*c));

	if (c == NULL)
		die_world("out of memory for a client");
	c->all = all;
	c->number = clients_number(all);
	c->from = *from;
	c->tls = from->kind == ADDRESS_LOCAL ? NULL : all->tls;
	c->io = (struct loop_fd){ .fd = fd, .ready = client_ready, .cookie = c };
	client_tell_address(c);
	sock_open(&c->sock, fd, clients_room(all));
	c->is_spare = !clients_has_room(all);
	client_due(c, c->is_spare ? CLIENT_SPARE_MS : CLIENT_REQUEST_MS);
	if (loop_add(all->loop, &c->io, LOOP_READ) < 0) {
		tell(TELL_WARNING, "client %llu: cannot wait for it:", (unsigned long long)c->number);
		close(fd);
		free(c);
		return;
	}
	clients_adopt(all, c);
	client_step(c, client_knock);
}

/* ---- the clock and the end ---- */

size_t
client_holds(const struct client *c)
{
	bool blocked = c->state == CLIENT_ANSWER || (c->reader.rendition != NULL && c->reader.blocked);

	return blocked ? sock_holds(&c->sock) : 0;
}

/*
 * Looks at how a client that is behind gets on. One that takes a lot gets more room in the kernel,
 * so that the way to it is used while it is far; one that takes nothing is closed.
 */
static void
client_check_headway(struct client *c)
{
	uint64_t took = c->reader.sent - c->sent;

	c->sent = c->reader.sent;
	c->stuck = !c->reader.blocked || took > 0 ? 0 : (uint8_t)(c->stuck + 1);
	if (c->stuck >= c->all->stuck) {
		tell(TELL_DEBUG, "client %llu: took nothing for %u s", (unsigned long long)c->number,
		    (unsigned)c->stuck);
		if (c->state == CLIENT_WEBSOCKET)
			websocket_count(&c->ws, METRICS_CLOSE_STUCK);
		client_close(c, true);
	} else if (c->reader.blocked && took > 4 * sock_holds(&c->sock))
		sock_widen(&c->sock);
	else if (c->stalled)
		loop_want(c->all->loop, &c->io, LOOP_READ | LOOP_WRITE);
}

/*
 * Ends a WebSocket that is silent. A client that is behind may not see a ping for minutes, or skip
 * it; that it takes what it is sent shows that it is there.
 */
static void
client_check_silence(struct client *c, uint64_t now)
{
	if (c->reader.blocked)
		c->deadline = now + CLIENT_SILENT_MS;
	else if (now >= c->deadline)
		client_end(c, FRAME_POLICY, "nothing heard for 90 s", METRICS_CLOSE_SILENT);
}

/* Ends a stream whose token is not in the token file any more. */
static void
client_revoke(struct client *c)
{
	if (c->state == CLIENT_WEBSOCKET)
		client_end(c, FRAME_POLICY, "this token is not known any more", METRICS_CLOSE_PROTOCOL);
	else
		client_close(c, false);
}

void
client_check(struct client *c, uint64_t now)
{
	bool streams = c->state == CLIENT_WEBSOCKET || c->state == CLIENT_STREAM;

	if (streams && door_revoked(&c->pass) && !c->ws.ending)
		client_revoke(c);
	if (c->state != CLIENT_DEAD && streams && !c->ws.ending)
		client_check_headway(c);
	if (c->state == CLIENT_WEBSOCKET && !c->ws.ending) {
		websocket_second(&c->ws);
		client_check_silence(c, now);
	}
	if (c->state == CLIENT_DEAD || c->state == CLIENT_STREAM || now < c->deadline)
		return;
	if (c->state == CLIENT_PROXY || c->state == CLIENT_HANDSHAKE)
		c->all->site->metrics.turned_away[c->state == CLIENT_PROXY ? DOOR_PROXY : DOOR_TLS]++;
	if (c->state == CLIENT_ANSWER || (c->state == CLIENT_REQUEST && c->bytes.n > 0))
		c->all->site->metrics.timeouts++;
	client_close(c, true);
}

void
client_stop(struct client *c)
{
	if (c->state == CLIENT_WEBSOCKET)
		client_end(c, FRAME_GOING_AWAY, "the server stops", METRICS_CLOSE_SHUTDOWN);
	else if (c->state == CLIENT_STREAM) {
		reader_end(&c->reader, &c->reader.rendition->ring, SPAN(""));
		rendition_serve(&c->reader);
	} else if (c->state <= CLIENT_REQUEST)
		client_close(c, false);
	else
		c->keep_alive = false;
}
