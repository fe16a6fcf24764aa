/*
 * Waits for descriptors, timers and signals. In: what to wait for. Out: calls of
 * the functions given for it. Descriptors are waited for with epoll, and signals
 * with a pipe, which os/stop.c writes their numbers to.
 *
 * Timers are a binary heap, ordered by when they are due and then by the number of
 * their start: those due at one time come in the order they were started in, and a
 * callback that starts its own timer again with 0 cannot hold up the descriptors.
 */
#include "os/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"
#include "os/stop.h"

enum { LOOP_EVENTS = 256 };	/* most events taken from the kernel at a time */

struct loop {
	int epoll;
	bool stopped;
	uint64_t now;

	struct loop_timer **heap;	/* owned; heap[1] is due first, heap[0] is unused */
	size_t timers, room;
	uint64_t order;			/* number of the timer started last */

	struct loop_fd signals;		/* the pipe's end for reading; fd -1 before loop_signals */
	int signals_in;			/* the end that os/stop writes to */
	void (*got)(void *cookie, int signo);
	void *got_cookie;

	int count, next;		/* number of events of this turn; the next to hand out */
	struct epoll_event events[LOOP_EVENTS];
};

uint64_t
loop_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

struct loop *
loop_open(void)
{
	struct loop *l = calloc(1, sizeof(*l));

	if (l == NULL)
		die_world("out of memory for the event loop");
	l->signals.fd = -1;
	l->now = loop_clock();
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll >= 0)
		return l;
	free(l);
	return NULL;
}

void
loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	if (l->signals.fd >= 0) {
		stop_init(-1, STOP_LIMIT);
		close(l->signals.fd);
		close(l->signals_in);
	}
	close(l->epoll);
	free(l->heap);
	free(l);
}

/*
 * Tells epoll what is wanted. When nothing is, EPOLLET makes it report a hang-up only once: else
 * it would wake the loop again and again.
 */
static int
loop_control(struct loop *l, int operation, struct loop_fd *f, unsigned wanted)
{
	struct epoll_event e = { .data.ptr = f };

	if (wanted & LOOP_READ)
		e.events |= EPOLLIN;
	if (wanted & LOOP_WRITE)
		e.events |= EPOLLOUT;
	if (wanted == 0)
		e.events = EPOLLET;
	return epoll_ctl(l->epoll, operation, f->fd, &e);
}

int
loop_add(struct loop *l, struct loop_fd *f, unsigned wanted)
{
	if (loop_control(l, EPOLL_CTL_ADD, f, wanted) < 0)
		return -1;
	f->wanted = wanted;
	return 0;
}

void
loop_want(struct loop *l, struct loop_fd *f, unsigned wanted)
{
	if (f->wanted == wanted)
		return;
	if (loop_control(l, EPOLL_CTL_MOD, f, wanted) < 0)
		die_bug("descriptor %d is not in the loop:", f->fd);
	f->wanted = wanted;
}

void
loop_del(struct loop *l, struct loop_fd *f)
{
	if (epoll_ctl(l->epoll, EPOLL_CTL_DEL, f->fd, NULL) < 0 && errno != EBADF)
		die_bug("descriptor %d is not in the loop:", f->fd);
	for (int i = l->next; i < l->count; i++)
		if (l->events[i].data.ptr == f)
			l->events[i].data.ptr = NULL;
}

/* Tells whether a is due before b. */
static bool
loop_before(const struct loop_timer *a, const struct loop_timer *b)
{
	return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void
loop_place(struct loop *l, size_t slot, struct loop_timer *t)
{
	l->heap[slot] = t;
	t->slot = slot;
}

/*
 * Puts t into the heap, in which slot is free, and moves others through that slot to keep the
 * order.
 */
static void
loop_sift(struct loop *l, size_t slot, struct loop_timer *t)
{
	size_t child;

	for (; slot > 1 && loop_before(t, l->heap[slot / 2]); slot /= 2)
		loop_place(l, slot, l->heap[slot / 2]);
	for (; (child = 2 * slot) <= l->timers; slot = child) {
		if (child < l->timers && loop_before(l->heap[child + 1], l->heap[child]))
			child++;
		if (!loop_before(l->heap[child], t))
			break;
		loop_place(l, slot, l->heap[child]);
	}
	loop_place(l, slot, t);
}

void
loop_after(struct loop *l, struct loop_timer *t, unsigned ms)
{
	loop_stop_timer(l, t);
	t->at = loop_clock() + ms;
	t->order = ++l->order;
	if (l->timers + 2 > l->room) {
		l->room = l->room == 0 ? 16 : 2 * l->room;
		l->heap = realloc(l->heap, l->room * sizeof(struct loop_timer *));
		if (l->heap == NULL)
			die_world("out of memory for %zu timers", l->room);
	}
	l->timers++;
	loop_sift(l, l->timers, t);
}

void
loop_stop_timer(struct loop *l, struct loop_timer *t)
{
	struct loop_timer *last;

	if (t->slot == 0)
		return;
	last = l->heap[l->timers--];
	if (last != t)
		loop_sift(l, t->slot, last);
	t->slot = 0;
}

bool
loop_timer_runs(const struct loop_timer *t)
{
	return t->slot != 0;
}

/* Calls back the timers that are due, unless they were started during this turn. */
static void
loop_fire(struct loop *l)
{
	uint64_t limit = l->order;
	struct loop_timer *t;

	while (!l->stopped && l->timers > 0) {
		t = l->heap[1];
		if (t->at > l->now || t->order > limit)
			return;
		loop_stop_timer(l, t);
		t->due(t->cookie);
	}
}

/* Returns the milliseconds until the next timer is due, for epoll_wait; -1 when none runs. */
static int
loop_timeout(const struct loop *l)
{
	uint64_t now = loop_clock();

	if (l->timers == 0)
		return -1;
	if (l->heap[1]->at <= now)
		return 0;
	return l->heap[1]->at - now > INT_MAX ? INT_MAX : (int)(l->heap[1]->at - now);
}

static void
loop_hand_out(const struct epoll_event *e)
{
	struct loop_fd *f = e->data.ptr;
	unsigned events = 0;

	if (f == NULL)
		return;
	if (e->events & EPOLLIN)
		events |= LOOP_READ;
	if (e->events & EPOLLOUT)
		events |= LOOP_WRITE;
	events &= f->wanted;	/* another callback may have changed it */
	if (e->events & (EPOLLHUP | EPOLLERR))
		events |= LOOP_HUP | f->wanted;
	if (events != 0)
		f->ready(f->cookie, events);
}

int
loop_run(struct loop *l)
{
	while (!l->stopped) {
		l->now = loop_clock();
		loop_fire(l);
		if (l->stopped)
			break;
		l->next = 0;
		l->count = epoll_wait(l->epoll, l->events, LOOP_EVENTS, loop_timeout(l));
		if (l->count < 0 && errno != EINTR)
			return -1;
		l->now = loop_clock();
		while (l->next < l->count && !l->stopped)
			loop_hand_out(&l->events[l->next++]);
		l->count = 0;
	}
	l->stopped = false;
	return 0;
}

void
loop_stop(struct loop *l)
{
	l->stopped = true;
}

uint64_t
loop_now(const struct loop *l)
{
	return l->now;
}

static void
loop_signalled(void *cookie, unsigned events)
{
	struct loop *l = cookie;
	uint8_t signo;

	(void)events;
	if (read(l->signals.fd, &signo, 1) == 1)
		l->got(l->got_cookie, signo);
}

/*
 * Moves fd above the standard descriptors, in case the tool was started without
 * them: what is told on stderr must not be read as signals. Returns the new
 * descriptor, or -1 with errno.
 */
static int
loop_above_standard(int fd)
{
	int moved;

	if (fd > STDERR_FILENO)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return moved;
}

int
loop_signals(struct loop *l, void (*got)(void *cookie, int signo), void *cookie)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	l->signals.fd = loop_above_standard(ends[0]);
	l->signals_in = loop_above_standard(ends[1]);
	if (l->signals.fd < 0 || l->signals_in < 0 || stop_init(l->signals_in, STOP_LIMIT) < 0)
		return -1;
	l->signals.ready = loop_signalled;
	l->signals.cookie = l;
	l->got = got;
	l->got_cookie = cookie;
	return loop_add(l, &l->signals, LOOP_READ);
}

int
loop_hear(int signo)
{
	return stop_hear(signo);
}
