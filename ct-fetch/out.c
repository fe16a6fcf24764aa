/*
 * In: records, appended to the buffer by the logs. Out: standard output.
 * The buffer holds at most the high-water mark and one record more.
 */
#include "ct-fetch/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/die.h"

enum {
	HIGH_WATER = 2 << 20,	/* bytes waiting: more only costs memory */
	PIPE_SIZE = 1 << 20,	/* three times the throughput of the usual 64 KiB (measured) */
};

struct out {
	struct loop *loop;
	struct loop_fd fd;
	bool watched;		/* a pipe or socket */
	bool own;		/* fd is ours alone, to be closed */
	bool gone;
	int flags;		/* of the descriptor, as found */
	struct buf buf;
	size_t from;		/* bytes of buf that have left */
	uint64_t left;
	void (*moved)(void *cookie);
	void *cookie;
};

/* The reader left: what waits has nowhere to go. */
static void
out_close(struct out *o)
{
	o->gone = true;
	buf_reset(&o->buf);
	o->from = 0;
	if (o->watched)
		loop_want(o->loop, &o->fd, 0);
}

static void
out_ready(void *cookie, unsigned events)
{
	struct out *o = cookie;

	/* With nothing to write no EPIPE would ever tell. */
	if ((events & LOOP_HUP) && out_is_empty(o))
		out_close(o);
	out_send(o);
	if (o->gone || out_has_room(o))
		o->moved(o->cookie);
}

/*
 * O_NONBLOCK belongs to the open file, which the shell and the programs beside
 * us share: theirs must stay as it is, also when we die. A pipe can be opened
 * anew; where that is refused, and for a socket, the flag is set and put back.
 */
static int
out_unblock(struct out *o, bool pipe)
{
	char path[32];
	int fd = -1;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", o->fd.fd);
	if (pipe)
		fd = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fcntl(o->fd.fd, F_SETFL, o->flags | O_NONBLOCK);
	o->fd.fd = fd;
	o->own = true;
	return 0;
}

struct out *
out_open(struct loop *loop, int fd, void (*moved)(void *cookie), void *cookie)
{
	struct out *o = calloc(1, sizeof(*o));
	struct stat st;

	if (o == NULL)
		die_world("out of memory");
	if (fstat(fd, &st) < 0)
		die_world("standard output:");
	*o = (struct out){ .loop = loop, .moved = moved, .cookie = cookie };
	o->fd = (struct loop_fd){ .fd = fd, .ready = out_ready, .cookie = o };
	o->flags = fcntl(fd, F_GETFL);
	if (o->flags < 0 || (o->flags & O_ACCMODE) == O_RDONLY)
		die_world("standard output is not open for writing");
	if (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode))
		return o;
	(void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);	/* a socket or a strict limit: slower, not wrong */
	if (out_unblock(o, S_ISFIFO(st.st_mode)) < 0 || loop_add(loop, &o->fd, 0) < 0)
		die_world("standard output:");
	o->watched = true;
	return o;
}

void
out_free(struct out *o)
{
	if (o->watched) {
		loop_del(o->loop, &o->fd);
		if (o->own)
			(void)close(o->fd.fd);
		else
			(void)fcntl(o->fd.fd, F_SETFL, o->flags);
	}
	buf_free(&o->buf);
	free(o);
}

bool
out_has_room(const struct out *o)
{
	return !o->gone && o->buf.n - o->from < HIGH_WATER;
}

struct buf *
out_buf(struct out *o)
{
	return &o->buf;
}

/* Moves the rest to the front once that costs less than what it frees. */
static void
out_shift(struct out *o)
{
	if (o->from == o->buf.n) {
		buf_reset(&o->buf);
		o->from = 0;
	} else if (o->from > o->buf.n / 2) {
		buf_drop(&o->buf, o->from);
		o->from = 0;
	}
}

void
out_send(struct out *o)
{
	while (!o->gone && o->from < o->buf.n) {
		ssize_t n = write(o->fd.fd, o->buf.p + o->from, o->buf.n - o->from);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) {
			out_close(o);
			return;
		}
		if (n < 0)
			die_world("standard output:");
		o->from += (size_t)n;
		o->left += (uint64_t)n;
	}
	if (o->watched && !o->gone)
		loop_want(o->loop, &o->fd, o->from < o->buf.n ? LOOP_WRITE : 0);
	out_shift(o);
}

bool
out_is_gone(const struct out *o)
{
	return o->gone;
}

bool
out_is_empty(const struct out *o)
{
	return o->gone || o->from == o->buf.n;
}

uint64_t
out_put(const struct out *o)
{
	return o->left + (o->buf.n - o->from);
}

uint64_t
out_left(const struct out *o)
{
	return o->left;
}
