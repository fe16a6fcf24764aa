/*
 * What waits to be sent to one connection alone: bytes of its own (an HTTP
 * head, a pong, the rest of a frame), and behind them at most one body that it
 * shares with others.
 */
#ifndef CT_WS_NET_OUTBOX_H
#define CT_WS_NET_OUTBOX_H

#include "ct-ws/net/body.h"

/* All zero is an empty outbox. An empty outbox holds no memory. */
struct outbox {
	struct buf own;
	size_t own_sent;	/* bytes of own that the socket took */
	struct body *body;	/* one reference, or NULL */
	size_t body_sent;	/* bytes of body that the socket took */
};

/* Drops what has not been sent, gives its body back, and leaves the outbox empty. */
void outbox_free(struct outbox *);

/* Returns true when nothing waits to be sent. */
bool outbox_is_empty(const struct outbox *);

/* Copies bytes to the end. Not allowed while a body is in the outbox. */
void outbox_put(struct outbox *, struct span bytes);

/* Puts body at the end, with a reference of the outbox's own. Only one body may be in it. */
void outbox_put_body(struct outbox *, struct body *body);

/*
 * Sends to the socket fd, which does not block, until all is sent or the
 * socket takes no more; outbox_is_empty tells which. Returns how many bytes
 * the socket took, or -1 with errno when the connection is broken.
 */
ptrdiff_t outbox_send(struct outbox *, int fd);

#endif
