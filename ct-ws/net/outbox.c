/*
 * Keeps the bytes of one connection until its socket takes them.
 *
 * in: bytes and a body
 * out: both on the socket, in the order in which they were put
 */
#include "ct-ws/net/outbox.h"

void
outbox_free(struct outbox *o)
{
	buf_free(&o->own);
	body_drop(o->body);
	*o = (struct outbox){ .own_sent = 0 };
}

bool
outbox_is_empty(const struct outbox *o)
{
	return o->own.n == 0 && o->body == NULL;
}

void
outbox_put(struct outbox *o, struct span s)
{
	buf_put(&o->own, s);
}

void
outbox_put_body(struct outbox *o, struct body *b)
{
	o->body = body_take(b);
	o->body_sent = 0;
}

void
outbox_put_rest(struct outbox *o, struct body *b, size_t from)
{
	outbox_put_body(o, b);
	o->body_sent = from;
	o->body_first = true;
}

/* Sends s from *sent on. Returns 1 when all is sent, 0 when the socket is full, -1 with errno. */
static int
outbox_send_span(struct span s, size_t *sent, struct sock *sock, bool more)
{
	while (*sent < s.n) {
		ptrdiff_t n = sock_send(sock, span_from(s, *sent), more);

		if (n <= 0)
			return (int)n;
		*sent += (size_t)n;
	}
	return 1;
}

static int
outbox_send_body(struct outbox *o, struct sock *sock, bool more)
{
	return o->body == NULL ? 1 :
	    outbox_send_span(buf_span(&o->body->bytes), &o->body_sent, sock, more);
}

ptrdiff_t
outbox_send(struct outbox *o, struct sock *sock)
{
	size_t before = o->own_sent + o->body_sent, after;
	int done = 1;

	if (o->body_first)
		done = outbox_send_body(o, sock, o->own.n > 0);
	if (done > 0)
		done = outbox_send_span(buf_span(&o->own), &o->own_sent, sock,
		    !o->body_first && o->body != NULL);
	if (done > 0 && !o->body_first)
		done = outbox_send_body(o, sock, false);
	after = o->own_sent + o->body_sent;
	if (done > 0)
		outbox_free(o);
	return done < 0 ? -1 : (ptrdiff_t)(after - before);
}
