/*
 * Listens on one socket of a bus, and hands out its connections.
 */
#ifndef BUS_SP_SP_SERVER_H
#define BUS_SP_SP_SERVER_H

#include <sys/types.h>

#include "bus/sp/sp_address.h"
#include "os/loop.h"

/* Who may connect to a local socket. */
struct sp_access {
	mode_t mode;	/* of its file */
	gid_t group;	/* of its file; (gid_t)-1: that of this process */
};

struct sp_server {
	struct loop *loop;
	struct loop_fd fd;
	struct loop_timer again;	/* runs while the system has no descriptor for one more connection */
	struct sp_address address;
	ino_t file;		/* the socket file that was made; 0 with tcp */
	void (*came)(void *cookie, int fd);
	void *cookie;
};

/*
 * Listens at address. The loop calls came(cookie, fd) for each connection that is made; its socket fd
 * does not block and belongs to the callee. For a local socket, the file gets the mode and group of
 * access; its folder is made if it is missing; and a socket file that nobody serves is replaced, by one
 * only of several hubs that try it at once. Returns true, or false with *why set to a static reason.
 */
bool sp_server_open(struct sp_server *s, struct loop *loop, const struct sp_address *address,
    struct sp_access access, void (*came)(void *cookie, int fd), void *cookie, const char **why);

/* Stops listening, and removes the socket file that was made. */
void sp_server_close(struct sp_server *s);

#endif
