/*
 * In: bytes. Out: the same on a descriptor, without ever blocking on a pipe or
 * socket, so that signals and the end of the reader are noticed. follow.c
 * calls it.
 */
#include "ct-latest/out.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"

static void
out_ready(void *cookie, unsigned events)
{
	struct out *o = cookie;

	if ((events & LOOP_HUP) != 0) {
		loop_stop(o->loop);
		return;
	}
	out_send(o);
	o->moved(o->cookie);
}

void
out_init(struct out *o, struct loop *loop, int fd, void (*moved)(void *cookie), void *cookie)
{
	struct stat s;

	*o = (struct out){ .loop = loop, .flags = -1, .moved = moved, .cookie = cookie };
	o->fd = (struct loop_fd){ .fd = fd, .ready = out_ready, .cookie = o };
	buf_init(&o->bytes);
	if (fstat(fd, &s) < 0)
		die_world("cannot write to stdout:");
	/* A terminal or a file may be shared with others, and takes all at once. */
	if (!S_ISFIFO(s.st_mode) && !S_ISSOCK(s.st_mode))
		return;
	o->flags = fcntl(fd, F_GETFL);
	if (o->flags < 0 || fcntl(fd, F_SETFL, o->flags | O_NONBLOCK) < 0 ||
	    loop_add(loop, &o->fd, 0) < 0)
		die_world("cannot write to stdout:");
	o->waits = true;
}

void
out_free(struct out *o)
{
	if (o->waits)
		loop_del(o->loop, &o->fd);
	if (o->flags >= 0)
		fcntl(o->fd.fd, F_SETFL, o->flags);
	buf_free(&o->bytes);
}

bool
out_has_room(const struct out *o)
{
	return o->bytes.n - o->from < OUT_ROOM;
}

/* True when the reader takes more, or is gone. */
static bool
out_await(const struct out *o, int ms)
{
	struct pollfd room = { .fd = o->fd.fd, .events = POLLOUT };

	return poll(&room, 1, ms) > 0;
}

void
out_send(struct out *o)
{
	ssize_t n;

	while (o->from < o->bytes.n) {
		n = write(o->fd.fd, o->bytes.p + o->from, o->bytes.n - o->from);
		if (n >= 0) {
			o->from += (size_t)n;
			continue;
		}
		if (errno == EPIPE || errno == ECONNRESET) {
			o->from = o->bytes.n;
			loop_stop(o->loop);
		} else if (errno == EAGAIN && o->waits) {
			break;
		} else if (errno == EAGAIN) {	/* a terminal that others made not block */
			out_await(o, -1);
		} else if (errno != EINTR) {
			die_world("cannot write to stdout:");
		}
	}
	/* Moved to the front only when at least as much has left as waits. */
	if (o->from >= o->bytes.n - o->from) {
		buf_drop(&o->bytes, o->from);
		o->from = 0;
	}
	if (o->waits)
		loop_want(o->loop, &o->fd, o->bytes.n > o->from ? LOOP_WRITE : 0);
}

void
out_finish(struct out *o, unsigned ms)
{
	struct timespec from, now;
	int64_t left = ms;

	clock_gettime(CLOCK_MONOTONIC, &from);
	out_send(o);
	while (o->from < o->bytes.n && left > 0 && out_await(o, (int)left)) {
		out_send(o);
		clock_gettime(CLOCK_MONOTONIC, &now);
		left = (int64_t)ms - (now.tv_sec - from.tv_sec) * 1000 -
		    (now.tv_nsec - from.tv_nsec) / 1000000;
	}
}
