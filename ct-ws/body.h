/*
 * Bytes that several connections send, each at its own pace; the last one to
 * let go frees them.
 */
#ifndef CT_WS_BODY_H
#define CT_WS_BODY_H

#include "base/buf.h"

struct body {
	unsigned refs;
	struct buf bytes;	/* not changed once a connection has it */
};

struct body *body_open(void);	/* empty, with one reference */
struct body *body_take(struct body *);
void body_drop(struct body *);	/* NULL is fine */

#endif
