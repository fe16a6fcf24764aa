/*
 * What a client has to pass before it is answered: the header of a proxy, the ranges of
 * addresses, TLS, and with each request its token. For client.c.
 */
#ifndef CT_WS_CLIENT_DOOR_H
#define CT_WS_CLIENT_DOOR_H

#include "ct-ws/client.h"
#include "ct-ws/site/route.h"

/*
 * Begins with a client that has just connected: the state is then that of the first thing to wait
 * for, or the client has been turned away. The client must be among the open ones.
 */
void client_knock(struct client *c);

/* Goes on with a client in the state CLIENT_PROXY or CLIENT_HANDSHAKE whose socket is ready. */
void client_step_in(struct client *c);

/*
 * Says whether the request, for route, may be answered; a proxy may have named another client in it
 * than before. Returns DOOR_OPEN, or why not, which has not been counted yet.
 */
enum door_why client_may_ask(struct client *c, const struct request *r, struct route route);

#endif
