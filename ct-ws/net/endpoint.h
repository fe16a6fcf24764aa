/*
 * The sockets on which a server listens: those of addresses and ports, Unix sockets, and those
 * that a service manager has opened (sd_listen_fds(3)).
 */
#ifndef CT_WS_NET_ENDPOINT_H
#define CT_WS_NET_ENDPOINT_H

#include <sys/types.h>

#include "base/span.h"

enum {
	MAX_ENDPOINTS = 64,	/* sockets that one server listens on */
	ENDPOINT_PATH = 108,	/* bytes of the path of a Unix socket, with its NUL (unix(7)) */
};

struct endpoint {
	int fd;			/* listens, and does not block */
	bool local;		/* a Unix socket */
	bool own;		/* of an address and port, opened here: each process has one of its own */
	bool borrowed;		/* another set closes fd */
	char path[ENDPOINT_PATH];	/* of a Unix socket made here; else empty */
	dev_t dev;		/* of that path: which file is ours */
	ino_t ino;
};

/* All bytes zero is none. */
struct endpoints {
	struct endpoint list[MAX_ENDPOINTS];
	size_t count;
	bool many;	/* endpoints_repeat will follow; the caller sets it before it opens them */
};

/* Why there is no socket. */
struct endpoint_flaw {
	const char *address;	/* that was asked for; NULL for any address, or a socket passed on */
	const char *why;	/* static text; NULL where errno says it */
};

/*
 * Takes over the sockets that the service manager has passed to this process, and clears
 * LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES. Returns how many there are, which may be 0; -1 with
 * *flaw set when one of them does not listen for streams, or there are too many.
 */
int endpoints_inherit(struct endpoints *e, struct endpoint_flaw *flaw);

/*
 * Listens on the count addresses. Each is "unix:PATH", an address of IPv4 or IPv6, or a name, of which
 * all addresses are listened on. port is a decimal number; "0" takes one that is free, the same for all
 * of them. With count 0 every address of IPv6 and IPv4 is listened on. A socket file that an ended
 * server has left at PATH is replaced. Returns 0, or -1 with *flaw set; sockets that have been opened
 * are then still in the list.
 */
int endpoints_open(struct endpoints *e, const char *const *addresses, size_t count,
    const char *port, struct endpoint_flaw *flaw);

/*
 * Takes over the sockets that have been passed on (endpoints_inherit), and listens on the count addresses
 * as endpoints_open does; port and flaw are as there. When there are neither sockets nor addresses, it
 * listens on every address of IPv6 and IPv4. Returns 0, or -1 with *flaw set, as endpoints_open does.
 */
int endpoints_listen(struct endpoints *e, const char *const *addresses, size_t count,
    const char *port, struct endpoint_flaw *flaw);

/*
 * Fills *e, which is all zero, with what another process needs to serve what first serves. For each
 * address and port it has a socket of its own, and the kernel shares the connections out between
 * them. Unix sockets and those that were passed on are the same as in first, which must be closed
 * after *e. Returns 0, or -1 with errno; sockets that have been opened are then in *e.
 */
int endpoints_repeat(struct endpoints *e, const struct endpoints *first);

/*
 * To be called in a process that has been forked, for all n sets, of which sets[mine] is its own: closes
 * the sockets of the others, and leaves it to the parent to remove files of Unix sockets.
 */
void endpoints_pick(struct endpoints *sets, size_t n, size_t mine);

/* Returns the port of the first socket that has one, or 0. */
unsigned endpoints_port(const struct endpoints *e);

/* Closes all sockets, and removes the files of the Unix sockets that were made here. */
void endpoints_close(struct endpoints *e);

#endif
