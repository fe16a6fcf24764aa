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
sock_open(struct sock *s, int fd, unsigned room)
{
	int on = 1;
	unsigned silence = SOCK_SILENCE_MS;

	*s = (struct sock){ .fd = fd };
	/* Both fail on Unix sockets, which need neither. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &silence, sizeof(silence));
	sock_set_room(s, room);
}

/* Returns what n, the result of a system call, means to callers: 0 where it would have blocked. */
static ptrdiff_t
sock_result(ssize_t n)
{
	if (n >= 0)
		return n;
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS || errno == ENOMEM ? 0 : -1;
}

/* ---- TLS ---- */

void
sock_begin_tls(struct sock *s, struct tls *tls)
{
	s->tls = tls_begin(tls, s->fd);
}

enum tls_got
sock_shake(struct sock *s)
{
	return tls_shake(s->tls);
}

void
sock_end_tls(struct sock *s)
{
	tls_close(s->tls);
	s->tls = NULL;
}

/* Returns true when bytes have to be encrypted here before they are sent. */
static bool
sock_encrypts(const struct sock *s)
{
	return s->tls != NULL && !tls_in_kernel(s->tls);
}

/* Sends the parts joined, so that short ones share a record. */
static ptrdiff_t
sock_sendv_tls(struct sock *s, const struct span *parts, size_t count)
{
	uint8_t record[TLS_RECORD];
	size_t n = 0, i = 0, at = 0;
	ptrdiff_t sent = 0, taken;

	do {
		for (n = 0; i < count && n < sizeof(record); at = 0, i++) {
			size_t k = parts[i].n - at;

			if (k > sizeof(record) - n)
				k = sizeof(record) - n;
			if (k > 0)
				memcpy(record + n, parts[i].p + at, k);
			n += k;
			at += k;
			if (at < parts[i].n)
				break;	/* the record is full */
		}
		taken = tls_send(s->tls, span_of(record, n));
		if (taken < 0)
			return -1;
		sent += taken;
	} while ((size_t)taken == n && i < count);
	return sent;
}

/* ---- sending and receiving ---- */

ptrdiff_t
sock_send(struct sock *s, struct span bytes, bool more)
{
	ssize_t n;

	if (bytes.n == 0)
		return 0;
	if (sock_encrypts(s))
		return tls_send(s->tls, bytes);
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
	if (sock_encrypts(s))
		return sock_sendv_tls(s, parts, count);
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
	return s->tls != NULL ? tls_owed(s->tls) : 0;
}

/* Reads with these flags, and returns what sock_recv does. */
static ptrdiff_t
sock_read(struct sock *s, uint8_t *p, size_t most, int flags)
{
	ssize_t n = recv(s->fd, p, most, flags);

	if (n > 0)
		return n;
	return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? 0 : -1;
}

ptrdiff_t
sock_recv(struct sock *s, uint8_t *p, size_t most)
{
	return s->tls != NULL ? tls_recv(s->tls, p, most) : sock_read(s, p, most, 0);
}

ptrdiff_t
sock_peek(struct sock *s, uint8_t *p, size_t most)
{
	return sock_read(s, p, most, MSG_PEEK);
}

bool
sock_has(const struct sock *s)
{
	return s->tls != NULL && tls_has(s->tls);
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
	if (s->tls != NULL)
		tls_shut(s->tls);
	return shutdown(s->fd, SHUT_WR);
}

void
sock_close(struct sock *s, bool drop)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	if (s->tls != NULL && !drop)
		tls_shut(s->tls);
	sock_end_tls(s);
	if (drop)
		(void)setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	(void)close(s->fd);
	s->fd = -1;
}
