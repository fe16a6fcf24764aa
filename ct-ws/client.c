/*
 * Serves connections.
 *
 * in: what the loop reports of their sockets, and their deadlines
 * out: steps of the files that serve a connection in each of its states, and its end
 */
#include "ct-ws/client.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "ct-ws/client_door.h"
#include "ct-ws/client_parts.h"

void
client_due(struct client *c, unsigned ms)
{
	c->deadline = loop_now(c->all->loop) + ms;
}

void
client_want(struct client *c, bool write)
{
	unsigned want = (c->wait_at != NULL ? 0 : LOOP_READ) | (write ? LOOP_WRITE : 0);

	loop_want(c->all->loop, &c->io, want);
}

void
client_close(struct client *c, bool drop)
{
	if (c->state == CLIENT_DEAD)
		return;
	clients_wait_ends(c);
	ticket_drop(&c->ticket);
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

/* ---- what the loop reports ---- */

void
client_gone(struct client *c)
{
	if (c->state == CLIENT_WEBSOCKET)
		websocket_count(&c->ws, METRICS_CLOSE_CLIENT);
	client_close(c, false);
}

ptrdiff_t
client_receive(struct client *c, size_t most)
{
	ptrdiff_t n = sock_recv(&c->sock, c->all->scratch, most);

	if (n < 0)
		client_gone(c);
	return n;
}

/* Reads on while a record of TLS has more bytes, for which the socket will not become readable. */
static void
client_read_rest(struct client *c)
{
	while (c->wait_at == NULL && sock_has(&c->sock) && (c->state == CLIENT_REQUEST ||
	    c->state == CLIENT_WEBSOCKET || c->state == CLIENT_STREAM || c->state == CLIENT_FAREWELL)) {
		if (c->state == CLIENT_REQUEST)
			client_read_request(c);
		else
			client_read_stream(c);
	}
}

void
client_go_on(struct client *c)
{
	if (c->state == CLIENT_REQUEST && !ticket_is_ready(c->ticket))
		clients_wait(c);
	else if (c->state == CLIENT_REQUEST) {
		client_want(c, false);
		client_take_bytes(c);
	} else if (c->state == CLIENT_WEBSOCKET)
		client_stream_go_on(c);
	client_read_rest(c);
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
		client_stream_ready(c, events);
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

void
client_check(struct client *c, uint64_t now)
{
	if (c->state == CLIENT_WEBSOCKET || c->state == CLIENT_STREAM)
		client_stream_second(c, now);
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
	if (c->state == CLIENT_WEBSOCKET || c->state == CLIENT_STREAM)
		client_stream_stop(c);
	else if (c->state <= CLIENT_REQUEST)
		client_close(c, false);
	else
		c->keep_alive = false;
}
