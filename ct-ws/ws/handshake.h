/* The opening handshake of a WebSocket, on the server's side (RFC 6455 section 4.2). */
#ifndef CT_WS_WS_HANDSHAKE_H
#define CT_WS_WS_HANDSHAKE_H

#include "base/buf.h"
#include "ct-ws/http/request.h"
#include "enc/hash.h"

/*
 * Checks a request whose member upgrade is true. Returns NULL when the
 * WebSocket can be opened. Otherwise returns the reason for people, a static
 * text, and sets *status to the status to answer with: 405 for a method other
 * than GET, 426 for another version of the protocol (the answer must then name
 * version 13), 400 for a bad key.
 */
const char *handshake_check(const struct request *r, unsigned *status);

/*
 * Appends to out the answer 101 that opens the WebSocket. key is the member of
 * the request; hash is used to prove that it was read. extensions is the value of
 * Sec-WebSocket-Extensions, or NULL. No subprotocol is accepted.
 */
void handshake_put(struct buf *out, struct hash *hash, struct span key, const char *extensions);

#endif
