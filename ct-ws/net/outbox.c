/*
 * Keeps the bytes of one connection until its socket takes them.
 *
 * in: bytes and a body
 * out: both on the socket, in the order in which they were put
 */
#include "ct-ws/net/outbox.h"

#include <errno.h>
#include <sys/socket.h>

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

/* Sends s from *sent on. Returns 1 when all is sent, 0 when the socket is full, -1 with errno. */
static int
outbox_send_span(struct span s, size_t *sent, int fd, int flags)
{
	while (*sent < s.n) {
		ssize_t n = send(fd, s.p + *sent, s.n - *sent, MSG_NOSIGNAL | flags);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -1;
		*sent += (size_t)n;
	}
	return 1;
}

ptrdiff_t
outbox_send(struct outbox *o, int fd)
{
	size_t before = o->own_sent + o->body_sent, after;
	int done;

	done = outbox_send_span(buf_span(&o->own), &o->own_sent, fd,
	    o->body != NULL ? MSG_MORE : 0);
	if (done > 0 && o->body != NULL)
		done = outbox_send_span(buf_span(&o->body->bytes), &o->body_sent, fd, 0);
	after = o->own_sent + o->body_sent;
	if (done > 0)
		outbox_free(o);
	return done < 0 ? -1 : (ptrdiff_t)(after - before);
}
