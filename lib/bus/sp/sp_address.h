/*
 * The sockets of a bus. One address names three of them: ipc:///path (the sockets /path, /path.ask
 * and /path.in) or tcp://host:port (that port and the next two).
 */
#ifndef BUS_SP_SP_ADDRESS_H
#define BUS_SP_SP_ADDRESS_H

#include <sys/socket.h>
#include <sys/un.h>

#include "base/span.h"

enum {
	SP_HOST = 256,		/* bytes of a host's name with its NUL; it has 255 at most */
	SP_PATH = sizeof(((struct sockaddr_un *)0)->sun_path),	/* bytes of a path with its NUL */
};

/* What a socket is for. */
enum sp_use {
	SP_RECORDS,	/* the hub publishes records on it */
	SP_QUESTIONS,	/* readers ask the hub on it */
	SP_LINES,	/* other programs push lines to the hub on it */
};

struct sp_address {
	bool tcp;
	char path[SP_PATH];	/* of a local socket; empty with tcp */
	char host[SP_HOST];	/* without the brackets of an IPv6 address; "*" is every interface */
	unsigned port;
};

/*
 * Finds the address of the socket that serves this use on the bus whose address is text. Returns
 * true with *a set, or false with *why set to a static reason when text is not an address of ipc://
 * or tcp://.
 */
bool sp_address_parse(struct sp_address *a, const char *text, enum sp_use use, const char **why);

/* A socket address as the system wants it. */
struct sp_sockaddr {
	struct sockaddr_storage at;
	socklen_t n;
};

/*
 * Writes up to most socket addresses that a stands for to found. passive is true when they are for
 * listening, false for connecting. A name of a host is looked up only when names is true, which may
 * block for seconds. Returns how many were written.
 */
size_t sp_address_find(const struct sp_address *a, bool passive, bool names, struct sp_sockaddr *found,
    size_t most);

#endif
