/*
 * Carries messages over one connection. In: the bytes of a socket, and messages to be sent. Out:
 * messages, and bytes. Standard: see sp_frame.h.
 */
#include "bus/sp/sp_link.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/die.h"

enum {
	SP_LINK_GREET_MS = 10000,	/* in which the other side has to greet */
	SP_LINK_IDLE_S = 60,		/* without a byte, after which the other side is probed */
	SP_LINK_PROBE_S = 15,		/* between two probes */
	SP_LINK_PROBES = 4,		/* without an answer, after which it is gone */
	SP_LINK_KEPT = 512 << 10,	/* bytes of memory that nothing needs now, which are kept */
};

static bool
sp_link_reads(const struct sp_link *l)
{
	return !l->paused && !l->connecting && !l->ended;
}

static void
sp_link_want(struct sp_link *l)
{
	bool write = l->connecting || l->full || l->out.n > l->out_from;

	loop_want(l->loop, &l->fd, (sp_link_reads(l) ? LOOP_READ : 0) | (write ? LOOP_WRITE : 0));
}

static void
sp_link_destroy(struct sp_link *l)
{
	loop_stop_timer(l->loop, &l->timer);
	loop_del(l->loop, &l->fd);
	close(l->fd.fd);
	buf_free(&l->in);
	buf_free(&l->out);
	free(l);
}

void
sp_link_free(struct sp_link *l)
{
	if (l == NULL)
		return;
	l->dead = true;
	if (!l->calling)
		sp_link_destroy(l);
}

/* Begins a run of calls; sp_link_end ends it, and frees the link if one of them has asked for that. */
static bool
sp_link_begin(struct sp_link *l)
{
	bool outer = !l->calling;

	l->calling = true;
	return outer;
}

static void
sp_link_end(struct sp_link *l, bool outer)
{
	if (!outer)
		return;
	l->calling = false;
	if (l->dead)
		sp_link_destroy(l);
}

/* Tells the owner that the connection has ended. The socket is not waited for any more. */
static void
sp_link_close(struct sp_link *l, int error)
{
	bool outer = sp_link_begin(l);

	l->error = error != 0 ? error : ECONNRESET;
	loop_want(l->loop, &l->fd, 0);
	loop_stop_timer(l->loop, &l->timer);
	if (!l->dead)
		l->calls->closed(l->cookie, l, error);
	sp_link_end(l, outer);
}

/* ---- what comes ---- */

/* Takes the greeting off what has been read. Returns true when it is there and the right one. */
static bool
sp_link_take_greeting(struct sp_link *l)
{
	if (l->in.n < SP_GREETING)
		return false;
	if (!sp_frame_greets(l->in.p, sp_frame_peer(l->kind.protocol))) {
		sp_link_close(l, EPROTO);
		return false;
	}
	l->from = SP_GREETING;
	l->greeted = true;
	loop_stop_timer(l->loop, &l->timer);
	l->calls->open(l->cookie, l);
	return !l->dead;
}

/* Moves what has not been handed out to the front, and makes room for a piece or for the whole frame. */
static void
sp_link_make_room(struct sp_link *l, size_t frame)
{
	size_t rest = l->in.n - l->from, want = frame > rest ? frame - rest : 0;

	if (rest == 0 && l->in.cap > SP_LINK_KEPT && l->in.cap > 2 * l->kind.piece)
		buf_trim(&l->in, 0);
	else
		buf_drop(&l->in, l->from);
	l->from = 0;
	if (want > l->kind.piece)
		buf_reserve(&l->in, want);
}

static void
sp_link_hand_out(struct sp_link *l)
{
	enum sp_got got = SP_MESSAGE;
	struct span message;
	size_t frame = 0;

	if (!l->greeted && !sp_link_take_greeting(l))
		return;
	while (!l->dead && !l->paused && l->error == 0 && got == SP_MESSAGE) {
		got = sp_frame_next(span_from(buf_span(&l->in), l->from), l->kind.tcp, l->kind.most,
		    &message, &frame);
		if (got == SP_MESSAGE) {
			l->from += frame;
			l->calls->got(l->cookie, l, message);
		}
	}
	if (!l->dead && l->calls->turn != NULL)
		l->calls->turn(l->cookie, l);
	if (l->dead || l->error != 0)
		return;
	if (got == SP_BROKEN)
		sp_link_close(l, EPROTO);
	else if (got == SP_PART && l->ended)
		sp_link_close(l, 0);
	else if (got == SP_PART)
		sp_link_make_room(l, frame);
}

static void
sp_link_read(struct sp_link *l)
{
	size_t room = l->in.cap - l->in.n > l->kind.piece ? l->in.cap - l->in.n - 1 : l->kind.piece;
	uint8_t *p = buf_reserve(&l->in, room);
	ssize_t n = recv(l->fd.fd, p, room, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		buf_commit(&l->in, (size_t)n);
	l->ended = n <= 0;
	sp_link_want(l);
	if (l->greeted || n > 0)
		sp_link_hand_out(l);
	else
		sp_link_close(l, n == 0 ? 0 : errno);
}

/* ---- what goes ---- */

/*
 * Has the link closed from the loop: what sends must not find its link freed. When not even the
 * greeting could be sent, the other side may have sent its messages and ended already: then what it
 * has sent is read, and its end closes the link.
 */
static void
sp_link_fail(struct sp_link *l, int error)
{
	if (!l->greeted) {
		buf_reset(&l->out);
		l->out_from = 0;
		sp_link_want(l);
		return;
	}
	l->error = error;
	loop_want(l->loop, &l->fd, 0);
	loop_after(l->loop, &l->timer, 0);
}

size_t
sp_link_write(struct sp_link *l, const struct iovec *parts, int count)
{
	struct msghdr m = { .msg_iov = (struct iovec *)parts, .msg_iovlen = (size_t)count };
	ssize_t n = l->error != 0 ? 0 : sendmsg(l->fd.fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	size_t all = 0;

	for (int i = 0; i < count; i++)
		all += parts[i].iov_len;
	l->full = n != (ssize_t)all;
	if (!l->full)
		return all;
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		sp_link_fail(l, errno);
	if (l->error == 0)
		sp_link_want(l);
	return n > 0 ? (size_t)n : 0;
}

/* Gives memory back when much has left, and more than what still waits. */
static void
sp_link_tidy(struct sp_link *l)
{
	struct buf rest;

	if (l->out_from <= SP_LINK_KEPT || l->out_from <= sp_link_waiting(l))
		return;
	buf_init(&rest);
	buf_put(&rest, span_from(buf_span(&l->out), l->out_from));
	buf_free(&l->out);
	l->out = rest;
	l->out_from = 0;
}

void
sp_link_flush(struct sp_link *l)
{
	struct iovec rest;

	if (l->connecting || l->error != 0)
		return;
	while (l->out.n > l->out_from) {
		size_t n;

		rest = (struct iovec){ l->out.p + l->out_from, l->out.n - l->out_from };
		n = sp_link_write(l, &rest, 1);
		if (n == 0) {
			sp_link_tidy(l);
			return;
		}
		l->out_from += n;
	}
	l->out_from = 0;
	buf_trim(&l->out, SP_LINK_KEPT);
	sp_link_want(l);
}

void
sp_link_send(struct sp_link *l, struct span head, struct span body)
{
	uint8_t frame[SP_HEAD];

	sp_frame_head(frame, head.n + body.n);
	buf_put(&l->out, span_of(frame + l->kind.tcp, SP_HEAD - l->kind.tcp));
	buf_put(&l->out, head);
	buf_put(&l->out, body);
	sp_link_flush(l);
}

void
sp_link_queue(struct sp_link *l, struct span bytes)
{
	buf_put(&l->out, bytes);
	sp_link_flush(l);
}

size_t
sp_link_waiting(const struct sp_link *l)
{
	return l->out.n - l->out_from;
}

/* The socket can be written to: it is connected, or takes bytes again. */
static void
sp_link_written(struct sp_link *l)
{
	socklen_t n = sizeof(int);
	int error = 0;

	if (l->connecting) {
		if (getsockopt(l->fd.fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0)
			error = errno;
		if (error != 0) {
			sp_link_close(l, error);
			return;
		}
		l->connecting = false;
	}
	l->full = false;
	sp_link_flush(l);
	if (!l->dead && l->error == 0 && l->greeted && l->out.n == 0 && l->calls->left != NULL)
		l->calls->left(l->cookie, l);
}

/* ---- from start to end ---- */

static void
sp_link_ready(void *cookie, unsigned events)
{
	struct sp_link *l = cookie;
	bool outer = sp_link_begin(l);

	if (events & LOOP_WRITE)
		sp_link_written(l);
	if (!l->dead && l->error == 0 && (events & LOOP_READ))
		sp_link_read(l);
	sp_link_end(l, outer);
}

static void
sp_link_due(void *cookie)
{
	struct sp_link *l = cookie;
	bool outer = sp_link_begin(l);

	if (l->error != 0 || !l->greeted)
		sp_link_close(l, l->error != 0 ? l->error : ETIMEDOUT);
	else
		sp_link_hand_out(l);
	sp_link_end(l, outer);
}

void
sp_link_pause(struct sp_link *l, bool paused)
{
	if (l->paused == paused)
		return;
	l->paused = paused;
	if (!paused && l->greeted)
		loop_after(l->loop, &l->timer, 0);
	if (l->error == 0)
		sp_link_want(l);
}

/*
 * Lets a tcp connection send small messages at once, and an idle one, such as an asker's, notice within
 * two minutes that the other side is gone; the system's own two hours would let dead connections pile up.
 * A connection on which bytes wait to be acknowledged, such as a reader's, is given up when the system
 * has sent them in vain for some 15 minutes. TCP_USER_TIMEOUT would shorten that, but would also cut off
 * readers that are only stopped.
 */
static void
sp_link_tune(int fd)
{
	int on = 1, idle = SP_LINK_IDLE_S, again = SP_LINK_PROBE_S, probes = SP_LINK_PROBES;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &again, sizeof(again));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

struct sp_link *
sp_link_open(struct loop *loop, int fd, struct sp_link_kind kind, bool connecting,
    const struct sp_link_calls *calls, void *cookie)
{
	struct sp_link *l = calloc(1, sizeof(*l));

	if (l == NULL)
		die_world("out of memory for the bus");
	*l = (struct sp_link){ .loop = loop, .kind = kind, .calls = calls, .cookie = cookie,
		.connecting = connecting };
	if (kind.tcp)
		sp_link_tune(fd);
	buf_init(&l->in);
	buf_init(&l->out);
	l->timer = (struct loop_timer){ .due = sp_link_due, .cookie = l };
	l->fd = (struct loop_fd){ .fd = fd, .ready = sp_link_ready, .cookie = l };
	if (loop_add(loop, &l->fd, LOOP_WRITE) < 0)
		die_world("cannot wait for the bus:");
	loop_after(loop, &l->timer, SP_LINK_GREET_MS);
	sp_frame_greet(buf_reserve(&l->out, SP_GREETING), kind.protocol);
	buf_commit(&l->out, SP_GREETING);
	sp_link_want(l);
	return l;
}
