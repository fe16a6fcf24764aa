/*
 * Accepts connections.
 *
 * in: sockets that listen
 * out: descriptors of connections, and who is at the other side
 */
#include "ct-ws/net/listener.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/tell.h"

enum {
	LISTENER_TURN = 64,	/* connections accepted in a turn; the streams go on between turns */
	LISTENER_PAUSE = 1000,	/* ms */
	LISTENER_FILES = 64,	/* descriptors kept for other things than connections */
};

static void
listener_want(struct listener *l, unsigned events)
{
	for (size_t i = 0; i < l->added; i++)
		loop_want(l->loop, &l->io[i], events);
}

void
listener_delay(struct listener *l, unsigned ms)
{
	listener_want(l, 0);
	loop_after(l->loop, &l->again, ms);
}

static void
listener_pause(struct listener *l)
{
	tell(TELL_WARNING, "no more connections for a second:");
	listener_delay(l, LISTENER_PAUSE);
}

static void
listener_go_on(void *cookie)
{
	listener_want(cookie, LOOP_READ);
}

void
listener_resume(struct listener *l)
{
	if (!loop_timer_runs(&l->again))
		return;
	loop_stop_timer(l->loop, &l->again);
	listener_want(l, LOOP_READ);
}

static void
listener_accept(struct listener *l, int listens)
{
	for (int i = 0; i < LISTENER_TURN; i++) {
		struct sockaddr_storage at;
		struct address from;
		socklen_t n = sizeof(at);
		int fd = accept4(listens, (struct sockaddr *)&at, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM))
			listener_pause(l);
		if (fd < 0)
			return;
		from = address_of(&at, n);
		l->accepted(l->cookie, fd, &from);
	}
}

static void
listener_ready(void *cookie, unsigned events)
{
	struct listener *l = cookie;

	(void)events;
	/* The cookie does not say which one it was; accept does, and costs little where there are few. */
	for (size_t i = 0; i < l->added && !loop_timer_runs(&l->again); i++)
		listener_accept(l, l->io[i].fd);
}

int
listener_open(struct listener *l, struct loop *loop, const struct endpoints *endpoints,
    void (*accepted)(void *cookie, int fd, const struct address *from), void *cookie)
{
	*l = (struct listener){ .loop = loop, .endpoints = *endpoints, .accepted = accepted,
		.cookie = cookie };
	l->again = (struct loop_timer){ .due = listener_go_on, .cookie = l };
	for (size_t i = 0; i < l->endpoints.count; i++) {
		l->io[i] = (struct loop_fd){ .fd = l->endpoints.list[i].fd, .ready = listener_ready,
			.cookie = l };
		if (loop_add(loop, &l->io[i], LOOP_READ) < 0)
			return -1;
		l->added++;
	}
	return 0;
}

void
listener_close(struct listener *l)
{
	loop_stop_timer(l->loop, &l->again);
	for (size_t i = 0; i < l->added; i++)
		loop_del(l->loop, &l->io[i]);
	l->added = 0;
	endpoints_close(&l->endpoints);
}

unsigned
listener_port(const struct listener *l)
{
	return endpoints_port(&l->endpoints);
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
