/*
 * Writing to a descriptor that other processes may share, without waiting for the reader.
 *
 * in: bytes in a buffer, and the loop's word that the descriptor takes more
 * out: the bytes on the descriptor
 *
 * O_NONBLOCK is a property of the open file (open(2), "open file description"), which a shell
 * and all parts of its pipeline share. A pipe can be opened anew through /proc, which gives
 * this process an open file of its own. Where that is refused, poll says whether a pipe has
 * room for a page, and PIPE_BUF bytes fit into it (pipe(7)). A socket needs neither.
 */
#include "os/out.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"

/*
 * Waits at most ms milliseconds, -1 for ever, until fd takes bytes or is broken. Returns false
 * when the time is over.
 */
static bool
out_await(int fd, int ms)
{
	struct pollfd room = { .fd = fd, .events = POLLOUT };
	int64_t end = ms < 0 ? 0 : (int64_t)loop_clock() + ms;
	int n;

	/* A signal that comes meanwhile does not end the wait. */
	while ((n = poll(&room, 1, ms)) < 0 && errno == EINTR)
		if (ms >= 0)
			ms = end > (int64_t)loop_clock() ? (int)(end - (int64_t)loop_clock()) : 0;
	return n > 0;
}

static void
out_close(struct out *o)
{
	o->gone = true;
	buf_reset(&o->bytes);
	o->from = 0;
}

static void
out_ready(void *cookie, unsigned events)
{
	struct out *o = cookie;

	/* With nothing to write, no EPIPE would ever tell that the reader has left. */
	if (events & LOOP_HUP)
		out_close(o);
	out_send(o);
	if (o->gone || out_has_room(o))
		o->moved(o->cookie);
}

/*
 * Opens the pipe fd anew, for this process alone. Returns the new descriptor, or -1 when it may
 * not.
 */
static int
out_open_anew(int fd)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
}

static void
out_watch(struct out *o)
{
	if (loop_add(o->loop, &o->fd, 0) < 0)
		die_world("standard output:");
	o->watched = true;
}

void
out_init(struct out *o, struct loop *loop, int fd, void (*moved)(void *cookie), void *cookie)
{
	int flags = fcntl(fd, F_GETFL), own;
	struct stat st;

	if (flags < 0 || fstat(fd, &st) < 0)
		die_world("standard output:");
	if ((flags & O_ACCMODE) == O_RDONLY)
		die_world("standard output is not open for writing");
	*o = (struct out){ .loop = loop, .way = OUT_FILE, .moved = moved, .cookie = cookie };
	o->fd = (struct loop_fd){ .fd = fd, .ready = out_ready, .cookie = o };
	if (S_ISSOCK(st.st_mode)) {
		o->way = OUT_SOCKET;
		out_watch(o);
	} else if (S_ISFIFO(st.st_mode)) {
		own = out_open_anew(fd);
		o->way = own < 0 ? OUT_PIPE : OUT_OWN;
		o->fd.fd = own < 0 ? fd : own;
		out_watch(o);
	}
}

void
out_free(struct out *o)
{
	if (o->watched)
		loop_del(o->loop, &o->fd);
	if (o->way == OUT_OWN)
		(void)close(o->fd.fd);
	buf_free(&o->bytes);
}

void
out_widen(struct out *o)
{
	(void)fcntl(o->fd.fd, F_SETPIPE_SZ, OUT_WIDE_PIPE);
}

bool
out_has_room(const struct out *o)
{
	return !o->gone && o->bytes.n - o->from < OUT_ROOM;
}

/*
 * Writes what it can of the waiting bytes. Returns what write(2) returns, with EAGAIN where
 * write would wait.
 */
static ssize_t
out_try(const struct out *o)
{
	const uint8_t *p = o->bytes.p + o->from;
	size_t n = o->bytes.n - o->from;

	if (o->way == OUT_SOCKET)
		return send(o->fd.fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (o->way == OUT_PIPE && !out_await(o->fd.fd, 0)) {
		errno = EAGAIN;
		return -1;
	}
	return write(o->fd.fd, p, o->way == OUT_PIPE && n > PIPE_BUF ? PIPE_BUF : n);
}

/*
 * Moves the bytes that wait to the front of the buffer, once they are fewer than those that have
 * left.
 */
static void
out_shift(struct out *o)
{
	if (o->from >= o->bytes.n - o->from) {
		buf_drop(&o->bytes, o->from);
		o->from = 0;
	}
}

void
out_send(struct out *o)
{
	if (o->gone)
		buf_reset(&o->bytes);
	while (o->from < o->bytes.n) {
		ssize_t n = out_try(o);

		if (n >= 0) {
			o->from += (size_t)n;
			o->sent += (uint64_t)n;
		} else if (errno == EPIPE || errno == ECONNRESET) {
			out_close(o);
		} else if (errno == EAGAIN && o->way != OUT_FILE) {
			break;
		} else if (errno == EAGAIN) {	/* others made a terminal not block */
			(void)out_await(o->fd.fd, -1);
		} else if (errno != EINTR) {
			die_world("standard output:");
		}
	}
	out_shift(o);
	if (o->watched)
		loop_want(o->loop, &o->fd, o->from < o->bytes.n ? LOOP_WRITE : 0);
}

void
out_finish(struct out *o, unsigned ms)
{
	int64_t end = (int64_t)loop_clock() + ms, left = ms;

	out_send(o);
	while (!out_is_empty(o) && left > 0 && out_await(o->fd.fd, (int)left)) {
		out_send(o);
		left = end - (int64_t)loop_clock();
	}
}

void
out_trim(struct out *o)
{
	if (out_is_empty(o)) {
		buf_trim(&o->bytes, OUT_KEPT);
		o->from = 0;
	}
}

bool
out_is_gone(const struct out *o)
{
	return o->gone;
}

bool
out_is_empty(const struct out *o)
{
	return o->gone || o->from == o->bytes.n;
}

uint64_t
out_end(const struct out *o)
{
	return o->sent + (o->bytes.n - o->from);
}

uint64_t
out_sent(const struct out *o)
{
	return o->sent;
}

int
out_write(int fd, struct span s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n >= 0)
			s = span_from(s, (size_t)n);
		else if (errno == EAGAIN)
			(void)out_await(fd, -1);
		else if (errno != EINTR)
			return -1;
	}
	return 0;
}
