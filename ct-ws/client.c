/*
 * Serves connections.
 *
 * in: what the clients send, and their deadlines
 * out: answers and streams on their sockets
 * standard: RFC 9112 for HTTP, RFC 6455 sections 5.5 and 7 for control frames
 */
#include "ct-ws/client.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-ws/ws/handshake.h"
#include "ct-ws/site/route.h"
#include "ct-ws/ws/websocket.h"

/*
 * Bytes that the kernel may hold for a client that does not read; without a
 * limit its buffer would grow to 4 MB. A full event has some five times the
 * bytes of a lite one.
 */
enum {
	CLIENT_SNDBUF = 256 * 1024,
	CLIENT_SNDBUF_FULL = 1024 * 1024,
};

enum client_state {
	CLIENT_REQUEST,		/* a request is read */
	CLIENT_ANSWER,		/* an answer is sent */
	CLIENT_WEBSOCKET,	/* ws is open */
	CLIENT_FAREWELL,	/* all is sent; what comes is ignored until the other side ends too */
	CLIENT_DEAD,		/* closed; in clients.dead */
};

struct client {
	struct loop_fd io;
	struct clients *all;
	struct websocket ws;
	struct outbox out;		/* what is left of an HTTP answer */
	struct buf bytes;		/* of requests that are not whole or not answered yet */
	uint64_t deadline;		/* ms of the loop's clock */
	uint64_t number;		/* for people */
	size_t slot;			/* place in clients.open */
	struct client *next;		/* in clients.dead */
	uint8_t state;			/* enum client_state */
	bool keep_alive;		/* more requests may follow this answer */
};

/* ---- all of them ---- */

void
clients_init(struct clients *all, struct loop *loop, struct site *site, size_t most)
{
	*all = (struct clients){ .loop = loop, .site = site, .most = most, .hash = hash_open() };
	all->open = calloc(most, sizeof(struct client *));
	if (all->open == NULL)
		die_world("out of memory for %zu clients", most);
}

static void
clients_adopt(struct clients *all, struct client *c)
{
	c->slot = all->count;
	all->open[all->count++] = c;
	all->site->metrics.connections = all->count;
}

/*
 * Takes a closed client out of the open ones. Its memory is kept until clients_clear, because a
 * function may still be running for it.
 */
static void
clients_bury(struct clients *all, struct client *c)
{
	struct client *last = all->open[--all->count];

	all->open[c->slot] = last;
	last->slot = c->slot;
	all->site->metrics.connections = all->count;
	c->next = all->dead;
	all->dead = c;
	if (all->stopping && all->count == 0)
		all->gone(all->cookie);
}

/* Frees the closed clients. Only for where no function is running for a client. */
static void
clients_clear(struct clients *all)
{
	struct client *c;

	while ((c = all->dead) != NULL) {
		all->dead = c->next;
		free(c);
	}
}

/* ---- one of them ---- */

static void
client_due(struct client *c, unsigned ms)
{
	c->deadline = loop_now(c->all->loop) + ms;
}

/* Ends the connection at once. */
static void
client_close(struct client *c)
{
	if (c->state == CLIENT_DEAD)
		return;
	if (c->ws.stream != NULL)
		websocket_leave(&c->ws);
	c->state = CLIENT_DEAD;
	loop_del(c->all->loop, &c->io);
	close(c->io.fd);
	outbox_free(&c->out);
	buf_free(&c->bytes);
	clients_bury(c->all, c);
}

/*
 * Ends a connection on which all has been sent. To close it now could lose the last
 * bytes: when the client has sent something that is unread, the kernel resets the
 * connection. So only this side is closed, and what still comes is read and forgotten.
 */
static void
client_farewell(struct client *c)
{
	if (c->ws.closed_by_peer || shutdown(c->io.fd, SHUT_WR) < 0) {
		client_close(c);
		return;
	}
	c->state = CLIENT_FAREWELL;
	client_due(c, CLIENT_END_MS);
	loop_want(c->all->loop, &c->io, LOOP_READ);
}

/* ---- WebSocket ---- */

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

	loop_want(c->all->loop, &c->io, on ? LOOP_READ | LOOP_WRITE : LOOP_READ);
}

static void
client_over(struct reader *r, bool ended)
{
	struct client *c = r->owner;

	websocket_count(&c->ws, METRICS_CLOSE_CLIENT);
	if (!ended) {
		client_close(c);
		return;
	}
	websocket_leave(&c->ws);
	client_farewell(c);
}

const struct stream_calls client_calls = { client_blocked, client_over };

static void
client_join(struct client *c, enum form form, struct span key)
{
	int size = form == FORM_FULL ? CLIENT_SNDBUF_FULL : CLIENT_SNDBUF;
	struct buf accept;

	setsockopt(c->io.fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	c->state = CLIENT_WEBSOCKET;
	client_due(c, CLIENT_SILENT_MS);
	buf_init(&accept);
	handshake_put(&accept, c->all->hash, key);
	websocket_open(&c->ws, c->io.fd, &c->all->site->streams[form], &c->all->site->metrics,
	    buf_span(&accept));
	buf_free(&accept);
}

/* ---- HTTP ---- */

/*
 * Sends what is left of the answer. Returns true when all is sent and the next request may come.
 */
static bool
client_send_answer(struct client *c)
{
	if (outbox_send(&c->out, c->io.fd) < 0) {
		client_close(c);
		return false;
	}
	if (!outbox_is_empty(&c->out)) {
		client_due(c, CLIENT_ANSWER_MS);
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
}

static void
client_upgrade(struct client *c, enum form form, const struct request *r)
{
	unsigned status;
	const char *why = handshake_check(r, &status);
	struct answer a;

	if (why == NULL) {
		client_join(c, form, r->key);
		return;
	}
	c->keep_alive = false;
	a = answer_line(status, why, status == 426 ? "Sec-WebSocket-Version: 13\r\n" :
	    status == 405 ? "Allow: GET, HEAD\r\n" : "");
	a.upgrade = status == 426;
	client_answer(c, a, r->method == REQUEST_HEAD);
}

static void
client_take_request(struct client *c, const struct request *r)
{
	struct route route = route_find(r->path);

	c->keep_alive = r->keep_alive && !c->all->stopping;
	if (route.what == ROUTE_STREAM && r->upgrade)
		client_upgrade(c, route.form, r);
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
	client_close(c);
}

/*
 * Reads at most `most` bytes into scratch. Returns how many, or 0 when none had
 * come, or -1 when the other side is gone; then the client is closed.
 */
static ptrdiff_t
client_receive(struct client *c, size_t most)
{
	ssize_t n = recv(c->io.fd, c->all->scratch, most, 0);

	if (n > 0)
		return n;
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return 0;
	client_gone(c);
	return -1;
}

static void
client_read_request(struct client *c)
{
	size_t most = c->bytes.n < MAX_HTTP_HEAD ? MAX_HTTP_HEAD - c->bytes.n : 1;
	ptrdiff_t n = client_receive(c, most);

	if (n <= 0)
		return;
	if (c->bytes.n == 0)
		client_due(c, CLIENT_REQUEST_MS);
	buf_put(&c->bytes, span_of(c->all->scratch, (size_t)n));
	client_take_bytes(c);
}

static void
client_read_frames(struct client *c)
{
	ptrdiff_t n = client_receive(c, CLIENT_SCRATCH);

	if (n <= 0 || c->ws.ending)
		return;
	client_due(c, CLIENT_SILENT_MS);
	client_take_frames(c, span_of(c->all->scratch, (size_t)n));
}

static void
client_ready(void *cookie, unsigned events)
{
	struct client *c = cookie;

	clients_clear(c->all);
	switch (c->state) {
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
		if (events & (LOOP_READ | LOOP_HUP))
			client_read_frames(c);
		if (c->ws.stream != NULL && c->ws.reader.blocked && (events & LOOP_WRITE))
			stream_serve(c->ws.stream, &c->ws.reader);
		break;
	case CLIENT_FAREWELL:
		client_receive(c, CLIENT_SCRATCH);
		break;
	default:
		break;
	}
}

static void
client_tell_address(const struct client *c)
{
	char host[NI_MAXHOST], port[NI_MAXSERV];
	struct sockaddr_storage from;
	socklen_t n = sizeof(from);

	if (tell_is_on(TELL_DEBUG) && getpeername(c->io.fd, (struct sockaddr *)&from, &n) == 0 &&
	    getnameinfo((struct sockaddr *)&from, n, host, sizeof(host), port, sizeof(port),
	    NI_NUMERICHOST | NI_NUMERICSERV) == 0)
		tell(TELL_DEBUG, "client %llu: from %s port %s", (unsigned long long)c->number, host,
		    port);
}

void
client_open(struct clients *all, int fd)
{
	struct client *c = calloc(1, sizeof(*c));
	int on = 1;

	if (c == NULL)
		die_world("out of memory for a client");
	c->all = all;
	c->number = c->ws.reader.number = ++all->last_number;
	c->ws.reader.owner = c;
	c->io = (struct loop_fd){ .fd = fd, .ready = client_ready, .cookie = c };
	client_tell_address(c);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	client_due(c, CLIENT_REQUEST_MS);
	if (loop_add(all->loop, &c->io, LOOP_READ) == 0) {
		clients_adopt(all, c);
		return;
	}
	tell(TELL_WARNING, "client %llu: cannot wait for it:", (unsigned long long)c->number);
	close(fd);
	free(c);
}

/* ---- the clock and the end ---- */

/*
 * Ends a WebSocket that is stuck or silent. A client that is behind may not see a ping
 * for minutes, or skip it; that it takes what it is sent shows that it is there.
 */
static void
client_check_websocket(struct client *c, uint64_t now)
{
	if (c->ws.ending)
		return;
	if (c->ws.reader.blocked)
		c->deadline = now + CLIENT_SILENT_MS;
	if (!websocket_check(&c->ws))
		client_close(c);
	else if (now >= c->deadline)
		client_end(c, FRAME_POLICY, "nothing heard for 75 s", METRICS_CLOSE_SILENT);
}

static void
client_check(struct client *c, uint64_t now)
{
	if (c->state == CLIENT_WEBSOCKET)
		client_check_websocket(c, now);
	if (c->state == CLIENT_DEAD || now < c->deadline)
		return;
	if (c->state == CLIENT_ANSWER || (c->state == CLIENT_REQUEST && c->bytes.n > 0))
		c->all->site->metrics.timeouts++;
	client_close(c);
}

void
clients_check(struct clients *all, uint64_t now)
{
	clients_clear(all);
	/* From the end, since a client that is closed is replaced by one that has been checked. */
	for (size_t i = all->count; i-- > 0;)
		client_check(all->open[i], now);
}

static void
client_stop(struct client *c)
{
	if (c->state == CLIENT_WEBSOCKET)
		client_end(c, FRAME_GOING_AWAY, "the server stops", METRICS_CLOSE_SHUTDOWN);
	else if (c->state == CLIENT_REQUEST)
		client_close(c);
	else
		c->keep_alive = false;
}

void
clients_stop(struct clients *all, void (*gone)(void *cookie), void *cookie)
{
	all->stopping = true;
	all->gone = gone;
	all->cookie = cookie;
	if (all->count == 0)
		gone(cookie);
	for (size_t i = all->count; i-- > 0;)
		client_stop(all->open[i]);
}

void
clients_free(struct clients *all)
{
	all->stopping = false;
	while (all->count > 0)
		client_close(all->open[all->count - 1]);
	clients_clear(all);
	hash_free(all->hash);
	free(all->open);
}
