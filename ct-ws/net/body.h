/*
 * Bytes that several connections send, each at its own pace. A body counts
 * the references to it and is freed with the last one.
 */
#ifndef CT_WS_NET_BODY_H
#define CT_WS_NET_BODY_H

#include "base/buf.h"

struct body {
	unsigned refs;		/* how many references there are */
	struct buf bytes;	/* must not change once a connection has the body */
};

/* Returns a new body that is empty, with one reference, which belongs to the caller. */
struct body *body_open(void);

/* Adds a reference and returns the body. */
struct body *body_take(struct body *b);

/* Gives a reference back, and frees the body when it was the last. NULL is allowed. */
void body_drop(struct body *b);

#endif
