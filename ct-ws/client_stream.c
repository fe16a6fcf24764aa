/*
 * Serves a client that has begun to read a stream.
 *
 * in: what it sends, when its socket takes bytes, and the seconds
 * out: the end of those who are silent, stuck or not let in any more
 * standard: RFC 6455 sections 5.5 and 7
 */
#include "ct-ws/client_parts.h"

#include "base/tell.h"
#include "ct-ws/stream/rendition_round.h"

static void
client_end(struct client *c, unsigned code, const char *why, enum metrics_close cause)
{
	websocket_end(&c->ws, code, why, cause);
	if (c->state == CLIENT_WEBSOCKET)
		client_due(c, CLIENT_END_MS);
}

void
client_take_frames(struct client *c, struct span bytes)
{
	struct buf left;

	buf_init(&left);
	bytes = websocket_take(&c->ws, bytes);
	if (c->state == CLIENT_WEBSOCKET && websocket_waits(&c->ws)) {
		buf_put(&left, bytes);
		clients_wait(c);
		client_want(c, c->reader.blocked);
	}
	buf_free(&c->bytes);
	c->bytes = left;
	if (c->state == CLIENT_WEBSOCKET && c->ws.ending)
		client_due(c, CLIENT_END_MS);
}

static void
client_blocked(struct reader *r, bool on)
{
	struct client *c = r->owner;

	c->stalled = false;
	client_want(c, on);
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
client_send_on(struct client *c)
{
	uint64_t before = c->reader.sent;

	rendition_serve(&c->reader);
	if (c->reader.rendition == NULL || !c->reader.blocked || c->reader.sent != before)
		return;
	c->stalled = true;
	client_want(c, false);
}

void
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

void
client_read_stream(struct client *c)
{
	ptrdiff_t n = client_receive(c, CLIENTS_SCRATCH);

	if (n <= 0 || c->state != CLIENT_WEBSOCKET || c->ws.ending)
		return;	/* what comes behind the request for a stream means nothing */
	client_due(c, CLIENT_SILENT_MS);
	client_take_frames(c, span_of(c->all->scratch, (size_t)n));
}

void
client_stream_go_on(struct client *c)
{
	struct buf bytes = c->bytes;

	buf_init(&c->bytes);
	websocket_go_on(&c->ws);
	client_want(c, c->reader.blocked);
	client_take_frames(c, buf_span(&bytes));
	buf_free(&bytes);
}

void
client_stream_ready(struct client *c, unsigned events)
{
	if (c->wait_at != NULL && (events & LOOP_HUP))
		client_gone(c);
	else if (c->wait_at == NULL && (events & (LOOP_READ | LOOP_HUP)))
		client_read_stream(c);
	if (c->reader.rendition != NULL && c->reader.blocked && (events & LOOP_WRITE))
		client_send_on(c);
}

/* ---- the clock and the end ---- */

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
		client_want(c, true);
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
client_stream_second(struct client *c, uint64_t now)
{
	if (door_revoked(&c->pass) && !c->ws.ending)
		client_revoke(c);
	if (c->state != CLIENT_DEAD && !c->ws.ending)
		client_check_headway(c);
	if (c->state == CLIENT_WEBSOCKET && !c->ws.ending) {
		websocket_second(&c->ws);
		client_check_silence(c, now);
	}
}

void
client_stream_stop(struct client *c)
{
	if (c->state == CLIENT_WEBSOCKET) {
		client_end(c, FRAME_GOING_AWAY, "the server stops", METRICS_CLOSE_SHUTDOWN);
		return;
	}
	reader_end(&c->reader, &c->reader.rendition->ring, SPAN(""));
	rendition_serve(&c->reader);
}
