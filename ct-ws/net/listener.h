/*
 * The socket on which ct-ws listens. Each connection that comes is accepted
 * and its descriptor handed on. When the process has no descriptors left, the
 * listener pauses for a second, and those who want to connect wait meanwhile.
 */
#ifndef CT_WS_NET_LISTENER_H
#define CT_WS_NET_LISTENER_H

#include "os/loop.h"

struct listener {
	struct loop *loop;	/* borrowed */
	struct loop_fd io;	/* its fd is -1 while nothing is listened on */
	struct loop_timer again;	/* runs while the listener pauses */
	void (*accepted)(void *cookie, int fd);
	void *cookie;
};

/*
 * Listens on port, a decimal number, at address, or at every address of IPv6
 * and IPv4 where address is NULL. For each connection the loop then calls
 * accepted with cookie and the descriptor, which does not block and which the
 * callee owns. Returns 0, or -1: then *why is a static text that says what
 * failed, or NULL where errno does.
 */
int listener_open(struct listener *, struct loop *loop, const char *address, const char *port,
    void (*accepted)(void *cookie, int fd), void *cookie, const char **why);

/* Stops listening. It may be called again, or without a listener_open that succeeded. */
void listener_close(struct listener *);

/* Returns the number of the port that is listened on, or 0 when the system does not tell. */
unsigned listener_port(const struct listener *);

/*
 * Raises the limit on open descriptors as far as the system allows. Returns
 * how many connections fit under it: wanted, or fewer, which is told as a
 * warning.
 */
size_t listener_room(size_t wanted);

#endif
