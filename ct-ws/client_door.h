/*
 * What a client has to pass before it is answered: the header of a proxy, the ranges of
 * addresses, TLS, and with each request its token. Only the files of a client include this.
 */
#ifndef CT_WS_CLIENT_DOOR_H
#define CT_WS_CLIENT_DOOR_H

#include "ct-ws/client.h"
#include "ct-ws/site/route.h"

/*
 * Begins with a client that has just connected, and that must be among the open ones. Afterwards its
 * state says what it waits for first, or it has been turned away.
 */
void client_knock(struct client *c);

/* Goes on with a client in the state CLIENT_PROXY or CLIENT_HANDSHAKE whose socket is ready. */
void client_step_in(struct client *c);

/*
 * Checks whether the request r, which is for route, may be answered. (A proxy may name another client in
 * each request.) Returns DOOR_OPEN, or why it may not; the caller counts that.
 */
enum door_why client_may_ask(struct client *c, const struct request *r, struct route route);

#endif
