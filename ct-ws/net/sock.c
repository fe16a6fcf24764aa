/*
 * Sends and receives on the socket of one connection.
 *
 * in: bytes for the client
 * out: bytes of the client
 */
#include "ct-ws/net/sock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static void
sock_set_room(struct sock *s, unsigned room)
{
	int n = (int)room;

	s->room = room;
	(void)setsockopt(s->fd, SOL_SOCKET, SO_SNDBUF, &n, sizeof(n));
}

void
sock_open(struct sock *s, int fd)
{
	int on = 1;

	*s = (struct sock){ .fd = fd };
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));	/* fails on ipc sockets */
	sock_set_room(s, SOCK_ROOM);
}

/* Returns what n, the result of a system call, means to callers: 0 where it would have blocked. */
static ptrdiff_t
sock_result(ssize_t n)
{
	if (n >= 0)
		return n;
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS || errno == ENOMEM ? 0 : -1;
}

ptrdiff_t
sock_send(struct sock *s, struct span bytes, bool more)
{
	ssize_t n;

	if (bytes.n == 0)
		return 0;
	do
		n = send(s->fd, bytes.p, bytes.n, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
	while (n < 0 && errno == EINTR);
	return sock_result(n);
}

ptrdiff_t
sock_sendv(struct sock *s, const struct span *parts, size_t count)
{
	struct iovec io[SOCK_PARTS];
	struct msghdr message = { .msg_iov = io, .msg_iovlen = count };
	ssize_t n;

	if (count == 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		io[i] = (struct iovec){ (void *)(uintptr_t)parts[i].p, parts[i].n };
	do
		n = sendmsg(s->fd, &message, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return sock_result(n);
}

size_t
sock_owed(const struct sock *s)
{
	(void)s;
	return 0;
}

ptrdiff_t
sock_recv(struct sock *s, uint8_t *p, size_t most)
{
	ssize_t n = recv(s->fd, p, most, 0);

	if (n > 0)
		return n;
	return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? 0 : -1;
}

size_t
sock_widen(struct sock *s)
{
	size_t before = sock_holds(s);

	if (s->room < SOCK_ROOM_MOST)
		sock_set_room(s, s->room * 2);
	return sock_holds(s) - before;
}

size_t
sock_holds(const struct sock *s)
{
	return (size_t)s->room * 2;
}

int
sock_shut(struct sock *s)
{
	return shutdown(s->fd, SHUT_WR);
}

void
sock_close(struct sock *s, bool drop)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	if (drop)
		(void)setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	(void)close(s->fd);
	s->fd = -1;
}
