/*
 * Opens sockets to listen on.
 *
 * in: addresses and ports, paths, and what a service manager has opened
 * out: descriptors that listen
 * standard: sd_listen_fds(3) for sockets that are passed on
 */
#include "ct-ws/net/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	ENDPOINT_BACKLOG = 1024,
	ENDPOINT_FIRST_FD = 3,	/* sd_listen_fds(3): SD_LISTEN_FDS_START */
};

/* Who else may listen at the address of a socket. */
enum endpoint_share {
	ENDPOINT_ALONE,		/* nobody */
	ENDPOINT_FIRST,		/* those that are bound with ENDPOINT_MORE once it is bound alone */
	ENDPOINT_MORE,		/* those that already do */
};

static int
endpoint_fail(struct endpoint_flaw *flaw, const char *address, const char *why)
{
	*flaw = (struct endpoint_flaw){ address, why };
	return -1;
}

/* Closes fd without a change of errno, and returns -1. */
static int
endpoint_give_up(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

static struct endpoint *
endpoints_add(struct endpoints *e, int fd)
{
	struct endpoint *one = &e->list[e->count++];

	*one = (struct endpoint){ .fd = fd };
	return one;
}

/* ---- sockets that are passed on ---- */

static int
endpoint_option(int fd, int option)
{
	int v = -1;
	socklen_t n = sizeof(v);

	return getsockopt(fd, SOL_SOCKET, option, &v, &n) < 0 ? -1 : v;
}

/* Returns the number in the variable, or 0 when it is not one. */
static long
endpoint_variable(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long v;

	if (text == NULL || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	v = strtol(text, &end, 10);
	return *end == '\0' && errno == 0 ? v : 0;
}

int
endpoints_inherit(struct endpoints *e, struct endpoint_flaw *flaw)
{
	long n = endpoint_variable("LISTEN_PID") == getpid() ? endpoint_variable("LISTEN_FDS") : 0;

	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	if (n > (long)(MAX_ENDPOINTS - e->count))
		return endpoint_fail(flaw, NULL, "LISTEN_FDS has too many sockets");
	for (int fd = ENDPOINT_FIRST_FD; fd < ENDPOINT_FIRST_FD + n; fd++) {
		int flags = fcntl(fd, F_GETFL);

		if (flags < 0 || endpoint_option(fd, SO_ACCEPTCONN) != 1 ||
		    endpoint_option(fd, SO_TYPE) != SOCK_STREAM)
			return endpoint_fail(flaw, NULL,
			    "LISTEN_FDS has a descriptor that does not listen for streams");
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
			return endpoint_fail(flaw, NULL, NULL);
		endpoints_add(e, fd)->local = endpoint_option(fd, SO_DOMAIN) == AF_UNIX;
	}
	return (int)n;
}

/* ---- addresses and ports ---- */

/* Lets others listen at the address of fd too (SO_REUSEPORT, socket(7)). Returns 0, or -1 with errno. */
static int
endpoint_reuse(int fd)
{
	int on = 1;

	return setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
}

/*
 * Returns a descriptor that listens, or -1 with errno. A wildcard of IPv6 takes IPv4 unless only_v6. The
 * first of several sockets is bound before it lets others in, so that a port which another server
 * has, or such a group of sockets, is taken and not joined.
 */
static int
endpoint_bind(const struct sockaddr *at, socklen_t n, bool only_v6, enum endpoint_share share)
{
	int on = 1, only = only_v6;
	int fd = socket(at->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (at->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	if ((share == ENDPOINT_MORE && endpoint_reuse(fd) < 0) || bind(fd, at, n) < 0 ||
	    (share == ENDPOINT_FIRST && endpoint_reuse(fd) < 0) || listen(fd, ENDPOINT_BACKLOG) < 0)
		return endpoint_give_up(fd);
	return fd;
}

/* Sets the port of the address to that of the first socket, when port is "0" and there is one. */
static void
endpoint_same_port(const struct endpoints *e, const char *port, struct addrinfo *a)
{
	unsigned first = strcmp(port, "0") == 0 ? endpoints_port(e) : 0;

	if (first == 0)
		return;
	if (a->ai_family == AF_INET6)
		((struct sockaddr_in6 *)a->ai_addr)->sin6_port = htons((uint16_t)first);
	else
		((struct sockaddr_in *)a->ai_addr)->sin_port = htons((uint16_t)first);
}

/* Returns true when a has been in the list before: a file of hosts may name an address twice. */
static bool
endpoint_is_again(const struct addrinfo *list, const struct addrinfo *a)
{
	while (list != a && (list->ai_addrlen != a->ai_addrlen ||
	    memcmp(list->ai_addr, a->ai_addr, a->ai_addrlen) != 0))
		list = list->ai_next;
	return list != a;
}

/*
 * Listens on every address in the list. One of a family that this machine does not have is left
 * out, as long as there is another.
 */
static int
endpoints_bind_all(struct endpoints *e, struct addrinfo *list, const char *address, const char *port,
    bool only_v6, struct endpoint_flaw *flaw)
{
	int bound = 0, absent = 0;

	for (struct addrinfo *a = list; a != NULL; a = a->ai_next) {
		int fd;

		if ((a->ai_family != AF_INET && a->ai_family != AF_INET6) || endpoint_is_again(list, a))
			continue;
		if (e->count == MAX_ENDPOINTS)
			return endpoint_fail(flaw, address, "there are too many sockets to listen on");
		endpoint_same_port(e, port, a);
		fd = endpoint_bind(a->ai_addr, a->ai_addrlen, only_v6,
		    e->many ? ENDPOINT_FIRST : ENDPOINT_ALONE);
		if (fd >= 0) {
			endpoints_add(e, fd)->own = true;
			bound++;
			continue;
		}
		if (errno != EADDRNOTAVAIL && errno != EAFNOSUPPORT)
			return endpoint_fail(flaw, address, NULL);
		absent = errno;
	}
	errno = absent;
	return bound > 0 ? 0 : endpoint_fail(flaw, address, NULL);
}

static int
endpoints_open_name(struct endpoints *e, const char *address, const char *port, bool only_v6,
    struct endpoint_flaw *flaw)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *list;
	int error = getaddrinfo(address, port, &hints, &list), got;

	if (error != 0)
		return endpoint_fail(flaw, address, error == EAI_SYSTEM ? NULL : gai_strerror(error));
	got = endpoints_bind_all(e, list, address, port, only_v6, flaw);
	freeaddrinfo(list);
	return got;
}

static int
endpoints_open_any(struct endpoints *e, const char *port, struct endpoint_flaw *flaw)
{
	int got = endpoints_open_name(e, "::", port, false, flaw);

	if (got < 0 && errno != EADDRINUSE && errno != EACCES)
		got = endpoints_open_name(e, "0.0.0.0", port, false, flaw);	/* no IPv6 here */
	flaw->address = NULL;
	return got;
}

/* ---- Unix sockets ---- */

/* Returns true when somebody listens at the address. */
static bool
endpoint_is_served(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool served = fd < 0 || connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0 ||
	    errno != ECONNREFUSED;

	if (fd >= 0)
		close(fd);
	return served;
}

/* Binds fd to the path, where a socket that nobody serves is replaced. Returns 0, or -1 with errno. */
static int
endpoint_bind_path(int fd, const struct sockaddr_un *at)
{
	const struct sockaddr *address = (const struct sockaddr *)at;
	struct stat is;

	if (bind(fd, address, sizeof(*at)) == 0)
		return 0;
	if (errno != EADDRINUSE)
		return -1;
	if (lstat(at->sun_path, &is) < 0 || !S_ISSOCK(is.st_mode) || endpoint_is_served(at)) {
		errno = EADDRINUSE;
		return -1;
	}
	return unlink(at->sun_path) < 0 ? -1 : bind(fd, address, sizeof(*at));
}

static int
endpoints_open_path(struct endpoints *e, const char *address, const char *path,
    struct endpoint_flaw *flaw)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct endpoint *one;
	struct stat is;
	mode_t mask;
	int fd, got;

	if (strlen(path) == 0 || strlen(path) >= sizeof(at.sun_path))
		return endpoint_fail(flaw, address, "the path of a Unix socket has 1 to 107 bytes");
	if (e->count == MAX_ENDPOINTS)
		return endpoint_fail(flaw, address, "there are too many sockets to listen on");
	memcpy(at.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return endpoint_fail(flaw, address, NULL);
	mask = umask(0111);	/* nobody executes a socket: 0666 without the bits of the umask */
	umask(mask | 0111);
	got = endpoint_bind_path(fd, &at);
	umask(mask);
	if (got < 0 || listen(fd, ENDPOINT_BACKLOG) < 0 || stat(path, &is) < 0) {
		(void)endpoint_give_up(fd);
		return endpoint_fail(flaw, address, NULL);
	}
	one = endpoints_add(e, fd);
	one->local = true;
	one->dev = is.st_dev;
	one->ino = is.st_ino;
	memcpy(one->path, at.sun_path, sizeof(one->path));
	return 0;
}

/* ---- all of them ---- */

int
endpoints_open(struct endpoints *e, const char *const *addresses, size_t count, const char *port,
    struct endpoint_flaw *flaw)
{
	int got = 0;

	if (count == 0)
		return endpoints_open_any(e, port, flaw);
	for (size_t i = 0; i < count && got == 0; i++) {
		const char *address = addresses[i];

		/* Alone, :: means IPv4 too; beside 0.0.0.0 it must not. */
		got = strncmp(address, "unix:", 5) == 0 ?
		    endpoints_open_path(e, address, address + 5, flaw) :
		    endpoints_open_name(e, address, port, count > 1, flaw);
	}
	return got;
}

int
endpoints_listen(struct endpoints *e, const char *const *addresses, size_t count, const char *port,
    struct endpoint_flaw *flaw)
{
	int inherited = endpoints_inherit(e, flaw);

	if (inherited < 0)
		return -1;
	return inherited > 0 && count == 0 ? 0 : endpoints_open(e, addresses, count, port, flaw);
}

/* ---- the sockets of several processes ---- */

/* Returns a descriptor that listens where fd does, or -1 with errno. */
static int
endpoint_bind_beside(int fd)
{
	struct sockaddr_storage at = { .ss_family = AF_UNSPEC };
	socklen_t n = sizeof(at), k = sizeof(int);
	int only = 0;

	if (getsockname(fd, (struct sockaddr *)&at, &n) < 0)
		return -1;
	if (at.ss_family == AF_INET6)
		getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, &k);
	return endpoint_bind((const struct sockaddr *)&at, n, only != 0, ENDPOINT_MORE);
}

int
endpoints_repeat(struct endpoints *e, const struct endpoints *first)
{
	for (size_t i = 0; i < first->count; i++) {
		const struct endpoint *one = &first->list[i];
		int fd = one->own ? endpoint_bind_beside(one->fd) : one->fd;

		if (fd < 0)
			return -1;
		*endpoints_add(e, fd) = (struct endpoint){ .fd = fd, .local = one->local, .own = one->own,
			.borrowed = !one->own };
	}
	return 0;
}

void
endpoints_pick(struct endpoints *sets, size_t n, size_t mine)
{
	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < sets[k].count; i++) {
			struct endpoint *one = &sets[k].list[i];

			one->path[0] = '\0';
			one->borrowed = k != mine;
			if (k != mine && one->own)
				close(one->fd);
		}
}

unsigned
endpoints_port(const struct endpoints *e)
{
	for (size_t i = 0; i < e->count; i++) {
		struct sockaddr_storage a = { .ss_family = AF_UNSPEC };
		socklen_t n = sizeof(a);

		if (e->list[i].local || getsockname(e->list[i].fd, (struct sockaddr *)&a, &n) < 0)
			continue;
		if (a.ss_family == AF_INET6)
			return ntohs(((struct sockaddr_in6 *)&a)->sin6_port);
		if (a.ss_family == AF_INET)
			return ntohs(((struct sockaddr_in *)&a)->sin_port);
	}
	return 0;
}

/* Removes the file of a Unix socket, unless another server has put its own there. */
static void
endpoint_unlink(const struct endpoint *one)
{
	struct stat is;

	if (one->path[0] != '\0' && lstat(one->path, &is) == 0 && is.st_dev == one->dev &&
	    is.st_ino == one->ino)
		(void)unlink(one->path);
}

void
endpoints_close(struct endpoints *e)
{
	for (size_t i = 0; i < e->count; i++) {
		endpoint_unlink(&e->list[i]);
		if (!e->list[i].borrowed)
			close(e->list[i].fd);
	}
	e->count = 0;
}
