/*
 * Accepts connections on the sockets of struct endpoints. Each connection that comes is
 * accepted and its descriptor handed on. When the process has no descriptors left, the
 * listener pauses for a second, and those who want to connect wait meanwhile.
 */
#ifndef CT_WS_NET_LISTENER_H
#define CT_WS_NET_LISTENER_H

#include "ct-ws/net/address.h"
#include "ct-ws/net/endpoint.h"
#include "os/loop.h"

struct listener {
	struct loop *loop;	/* borrowed */
	struct endpoints endpoints;	/* owned */
	struct loop_fd io[MAX_ENDPOINTS];	/* one for each endpoint */
	size_t added;		/* how many of them the loop waits for */
	struct loop_timer again;	/* runs while the listener pauses */
	void (*accepted)(void *cookie, int fd, const struct address *from);
	void *cookie;
};

/*
 * Accepts connections on the sockets of endpoints, which it takes over, also when it fails. For each
 * connection the loop then calls accepted with cookie, the descriptor, which does not block and
 * which the callee owns, and the address of the other side. Returns 0, or -1 with errno. The
 * listener must not move in memory until listener_close.
 */
int listener_open(struct listener *l, struct loop *loop, const struct endpoints *endpoints,
    void (*accepted)(void *cookie, int fd, const struct address *from), void *cookie);

/*
 * listener_delay pauses the listener for ms milliseconds: connections that come meanwhile wait.
 * listener_resume ends such a pause at once; without a pause it does nothing.
 */
void listener_delay(struct listener *l, unsigned ms);
void listener_resume(struct listener *l);

/* Stops listening. It may be called again, or after a listener_open that has failed. */
void listener_close(struct listener *l);

/* Returns the number of the port that is listened on, or 0 when there is none. */
unsigned listener_port(const struct listener *l);

/*
 * Raises the limit on open descriptors as far as the system allows. Returns
 * how many connections fit under it: wanted, or fewer, which is told as a
 * warning.
 */
size_t listener_room(size_t wanted);

#endif
