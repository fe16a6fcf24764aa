/*
 * Listens for connections.
 *
 * in: an address and a port
 * out: descriptors of connections
 */
#include "ct-ws/net/listener.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/tell.h"

enum {
	LISTENER_BACKLOG = 1024,
	LISTENER_TURN = 64,	/* connections accepted in a turn; the streams go on between turns */
	LISTENER_PAUSE = 1000,	/* ms */
	LISTENER_FILES = 64,	/* descriptors kept for other things than connections */
};

static void
listener_pause(struct listener *l)
{
	tell(TELL_WARNING, "no more connections for a second:");
	loop_want(l->loop, &l->io, 0);
	loop_after(l->loop, &l->again, LISTENER_PAUSE);
}

static void
listener_go_on(void *cookie)
{
	struct listener *l = cookie;

	loop_want(l->loop, &l->io, LOOP_READ);
}

static void
listener_accept(void *cookie, unsigned events)
{
	struct listener *l = cookie;

	(void)events;
	for (int i = 0; i < LISTENER_TURN; i++) {
		int fd = accept4(l->io.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM))
			listener_pause(l);
		if (fd < 0)
			return;
		l->accepted(l->cookie, fd);
	}
}

static int
listener_bind(const struct addrinfo *a)
{
	int on = 1, off = 0;
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (a->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, a->ai_addr, a->ai_addrlen) < 0 || listen(fd, LISTENER_BACKLOG) < 0) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

static int
listener_listen(const char *address, const char *port, const char **why)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *list;
	int error, fd;

	*why = NULL;
	error = getaddrinfo(address, port, &hints, &list);
	if (error != 0) {
		*why = gai_strerror(error);
		return -1;
	}
	fd = listener_bind(list);
	freeaddrinfo(list);
	return fd;
}

static int
listener_listen_any(const char *address, const char *port, const char **why)
{
	int fd;

	if (address != NULL)
		return listener_listen(address, port, why);
	fd = listener_listen("::", port, why);
	if (fd < 0 && errno != EADDRINUSE && errno != EACCES)
		fd = listener_listen("0.0.0.0", port, why);	/* a system without IPv6 */
	return fd;
}

int
listener_open(struct listener *l, struct loop *loop, const char *address, const char *port,
    void (*accepted)(void *cookie, int fd), void *cookie, const char **why)
{
	int fd = listener_listen_any(address, port, why);

	*l = (struct listener){ .loop = loop, .accepted = accepted, .cookie = cookie };
	l->io = (struct loop_fd){ .fd = fd, .ready = listener_accept, .cookie = l };
	l->again = (struct loop_timer){ .due = listener_go_on, .cookie = l };
	if (fd < 0)
		return -1;
	if (loop_add(loop, &l->io, LOOP_READ) == 0)
		return 0;
	close(fd);
	l->io.fd = -1;
	return -1;
}

void
listener_close(struct listener *l)
{
	if (l->io.fd < 0)
		return;
	loop_stop_timer(l->loop, &l->again);
	loop_del(l->loop, &l->io);
	close(l->io.fd);
	l->io.fd = -1;
}

unsigned
listener_port(const struct listener *l)
{
	struct sockaddr_storage a = { .ss_family = AF_UNSPEC };
	socklen_t n = sizeof(a);

	if (getsockname(l->io.fd, (struct sockaddr *)&a, &n) < 0)
		return 0;
	return ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port :
	    ((struct sockaddr_in *)&a)->sin_port);
}

size_t
listener_room(size_t wanted)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return wanted;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur == RLIM_INFINITY ||
	    files.rlim_cur >= wanted + LISTENER_FILES)
		return wanted;
	tell(TELL_WARNING, "the limit of %llu open files allows no %zu clients",
	    (unsigned long long)files.rlim_cur, wanted);
	return files.rlim_cur > LISTENER_FILES ? (size_t)files.rlim_cur - LISTENER_FILES : 1;
}
