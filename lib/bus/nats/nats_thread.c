/*
 * A thread beside the loop. The publisher and the subscriber of the NATS engine have one each, because
 * connecting and asking block, and because the library calls back on threads of its own.
 */
#include "bus/nats/nats_thread.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/die.h"

enum { NATS_THREAD_END_MS = 1500 };

void
nats_thread_lock(struct nats_thread *t)
{
	if (pthread_mutex_lock(&t->lock) != 0)
		die_bug("a lock of the bus cannot be taken");
}

void
nats_thread_unlock(struct nats_thread *t)
{
	(void)pthread_mutex_unlock(&t->lock);
}

void
nats_thread_wait(struct nats_thread *t, unsigned ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	(void)pthread_cond_timedwait(&t->moved, &t->lock, &until);
}

void
nats_thread_wake(struct nats_thread *t)
{
	(void)pthread_cond_broadcast(&t->moved);
}

void
nats_thread_call(struct nats_thread *t)
{
	uint64_t one = 1;

	if (t->calls || t->stops)
		return;
	t->calls = true;
	if (write(t->fd.fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
		die_world("cannot wake the loop:");
}

static void
nats_thread_ready(void *cookie, unsigned events)
{
	struct nats_thread *t = cookie;
	uint64_t count;

	(void)events;
	nats_thread_lock(t);
	t->calls = false;
	if (read(t->fd.fd, &count, sizeof(count)) < 0 && errno != EAGAIN && errno != EINTR)
		die_world("cannot hear the bus:");
	nats_thread_unlock(t);
	t->called(t->cookie);
}

/* Ends the use by the owner or the thread. Takes the lock with it, which is held. */
static void
nats_thread_leave(struct nats_thread *t)
{
	bool last = --t->users == 0;

	nats_thread_unlock(t);
	if (!last)
		return;
	(void)close(t->fd.fd);
	pthread_mutex_destroy(&t->lock);
	pthread_cond_destroy(&t->moved);
	t->freed(t->cookie);
}

static void *
nats_thread_main(void *cookie)
{
	struct nats_thread *t = cookie;

	t->run(t->run_cookie);
	nats_thread_lock(t);
	t->ended = true;
	nats_thread_wake(t);
	nats_thread_leave(t);
	return NULL;
}

static int
nats_thread_start(struct nats_thread *t)
{
	pthread_attr_t attr;
	pthread_t id;
	int failed;

	if (pthread_attr_init(&attr) != 0)
		return -1;
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	failed = pthread_create(&id, &attr, nats_thread_main, t);
	(void)pthread_attr_destroy(&attr);
	return failed != 0 ? -1 : 0;
}

const char *
nats_thread_open(struct nats_thread *t, struct loop *loop)
{
	pthread_condattr_t attr;

	t->loop = loop;
	t->users = 2;
	t->fd = (struct loop_fd){ .fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), .ready = nats_thread_ready,
		.cookie = t };
	if (t->fd.fd < 0)
		return "no descriptor is left for the bus";
	if (loop_add(loop, &t->fd, LOOP_READ) < 0)
		die_world("cannot wait for the bus:");
	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->moved, &attr);
	pthread_condattr_destroy(&attr);
	if (nats_thread_start(t) == 0)
		return NULL;
	loop_del(loop, &t->fd);
	(void)close(t->fd.fd);
	return "no thread can be started for the bus";
}

void
nats_thread_close(struct nats_thread *t)
{
	uint64_t until = loop_clock() + NATS_THREAD_END_MS;

	loop_del(t->loop, &t->fd);
	nats_thread_lock(t);
	t->stops = true;
	nats_thread_wake(t);
	while (!t->ended && loop_clock() < until)
		nats_thread_wait(t, 100);
	nats_thread_leave(t);
}
