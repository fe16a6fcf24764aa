/*
 * What waits to be sent to one connection alone: bytes of its own (an HTTP head, a pong), and
 * behind them at most one body that it shares with others. Where the body is the rest of a frame
 * that has been begun, it comes before the bytes of its own.
 */
#ifndef CT_WS_NET_OUTBOX_H
#define CT_WS_NET_OUTBOX_H

#include "ct-ws/net/body.h"
#include "ct-ws/net/sock.h"

/* All zero is an empty outbox. An empty outbox holds no memory. */
struct outbox {
	struct buf own;
	size_t own_sent;	/* bytes of own that the socket took */
	struct body *body;	/* one reference, or NULL */
	size_t body_sent;	/* bytes of body that are sent, or need not be */
	bool body_first;	/* the body comes before own */
};

/* Drops what has not been sent, gives its body back, and leaves the outbox empty. */
void outbox_free(struct outbox *o);

/* Returns true when nothing waits to be sent. */
bool outbox_is_empty(const struct outbox *o);

/* Copies bytes to the end. Must not be called while a body that outbox_put_body has put waits. */
void outbox_put(struct outbox *o, struct span bytes);

/* Puts body at the end, with a reference of the outbox's own. Only one body may be in it. */
void outbox_put_body(struct outbox *o, struct body *body);

/*
 * Puts the bytes of body from offset from on into the outbox, which must be empty. Other bytes
 * may follow with outbox_put.
 */
void outbox_put_rest(struct outbox *o, struct body *body, size_t from);

/*
 * Sends what waits through sock until all is sent or the socket takes no more; outbox_is_empty tells
 * which. Returns how many bytes the socket took, or -1 with errno set when the connection is broken.
 */
ptrdiff_t outbox_send(struct outbox *o, struct sock *sock);

#endif
