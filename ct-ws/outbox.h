/*
 * What one connection alone is owed: its own bytes (an HTTP head, a pong, the
 * rest of a frame), and behind them at most one body shared with others.
 */
#ifndef CT_WS_OUTBOX_H
#define CT_WS_OUTBOX_H

#include "ct-ws/body.h"

/* All zero is empty; an empty outbox holds no memory. */
struct outbox {
	struct buf own;
	size_t own_sent;
	struct body *body;	/* NULL: none */
	size_t body_sent;
};

void outbox_free(struct outbox *);
bool outbox_is_empty(const struct outbox *);
size_t outbox_owed(const struct outbox *);	/* bytes not sent yet, without the body */

/* Copies. Only while no body stands behind. */
void outbox_put(struct outbox *, struct span);

/* Takes a reference of its own. */
void outbox_put_body(struct outbox *, struct body *);

/*
 * Sends until all is gone or the socket takes no more; empty says which. The
 * bytes it took, or -1 with errno when the connection is broken.
 */
ptrdiff_t outbox_send(struct outbox *, int fd);

#endif
