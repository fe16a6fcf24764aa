/* The opening handshake of a WebSocket (RFC 6455 section 4.2). */
#ifndef CT_WS_HANDSHAKE_H
#define CT_WS_HANDSHAKE_H

#include "base/buf.h"
#include "ct-ws/request.h"
#include "enc/hash.h"

/*
 * NULL when the request, which asks for an upgrade, is a right one. Else why
 * not, and in status what to answer: 400, 405, or 426 when it speaks another
 * version (the answer must then name 13).
 */
const char *handshake_check(const struct request *, unsigned *status);

/* Appends the 101 that accepts it. No subprotocol and no extension is taken. */
void handshake_put(struct buf *, struct hash *, struct span key);

#endif
