/*
 * Looks up hosts. In: an address with a name. Out: addresses of sockets. The thread and the
 * resolver share what is found; the one that is done with it last frees it.
 */
#include "bus/sp/sp_resolver.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/die.h"

enum { SP_RESOLVER_FOUND = 8 };

struct sp_search {
	atomic_int users;	/* 2, 1: the thread or the resolver has let go */
	struct sp_address address;
	int done;		/* an eventfd, written to when found is set */
	struct sp_sockaddr found[SP_RESOLVER_FOUND];
	size_t count;
};

struct sp_resolver {
	struct loop *loop;
	struct loop_fd fd;
	struct sp_search *search;
	size_t most;
	void (*found)(void *cookie, const struct sp_sockaddr *, size_t count);
	void *cookie;
};

static void
sp_search_free(struct sp_search *s)
{
	if (atomic_fetch_sub(&s->users, 1) > 1)
		return;
	close(s->done);
	free(s);
}

static void *
sp_search_run(void *cookie)
{
	struct sp_search *s = cookie;

	s->count = sp_address_find(&s->address, false, true, s->found, SP_RESOLVER_FOUND);
	eventfd_write(s->done, 1);
	sp_search_free(s);
	return NULL;
}

static void
sp_resolver_ready(void *cookie, unsigned events)
{
	struct sp_resolver *r = cookie;
	struct sp_search *s = r->search;
	eventfd_t done;

	(void)events;
	if (eventfd_read(s->done, &done) < 0)
		return;
	loop_want(r->loop, &r->fd, 0);
	r->found(r->cookie, s->found, s->count < r->most ? s->count : r->most);
}

/* Starts the thread, which takes no signals: they belong to the loop. Returns 0 or an errno. */
static int
sp_resolver_start(struct sp_search *s)
{
	pthread_attr_t detached;
	sigset_t all, before;
	pthread_t thread;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	error = pthread_create(&thread, &detached, sp_search_run, s);
	pthread_attr_destroy(&detached);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

struct sp_resolver *
sp_resolver_open(struct loop *loop, const struct sp_address *address, size_t most,
    void (*found)(void *cookie, const struct sp_sockaddr *, size_t count), void *cookie)
{
	struct sp_resolver *r = calloc(1, sizeof(*r));
	struct sp_search *s = calloc(1, sizeof(*s));

	if (r == NULL || s == NULL)
		die_world("out of memory for the bus");
	atomic_init(&s->users, 2);
	s->address = *address;
	s->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	*r = (struct sp_resolver){ loop, { .fd = s->done, .ready = sp_resolver_ready, .cookie = r }, s,
		most, found, cookie };
	if (s->done < 0 || loop_add(loop, &r->fd, LOOP_READ) < 0 || (errno = sp_resolver_start(s)) != 0)
		die_world("cannot look up hosts:");
	return r;
}

void
sp_resolver_free(struct sp_resolver *r)
{
	if (r == NULL)
		return;
	loop_del(r->loop, &r->fd);
	sp_search_free(r->search);
	free(r);
}
