/*
 * A thread that may block, for an owner that lives in a loop and may not. The two share what lies
 * under one lock. The thread wakes the owner through a descriptor; the owner, and threads of the
 * library, wake the thread by a condition.
 */
#ifndef BUS_NATS_NATS_THREAD_H
#define BUS_NATS_NATS_THREAD_H

#include <pthread.h>

#include "os/loop.h"

struct nats_thread {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	struct loop *loop;
	struct loop_fd fd;
	void (*called)(void *cookie);	/* by the loop, after nats_thread_call */
	void (*run)(void *cookie);	/* the thread; returns soon after stops is true */
	void (*freed)(void *cookie);	/* when neither thread nor owner use cookie any more */
	void *run_cookie;		/* for run */
	void *cookie;			/* for called and freed */
	bool stops, ended;		/* under the lock */
	bool calls;			/* under the lock: the descriptor is readable */
	unsigned users;			/* under the lock: owner and thread */
};

/*
 * Starts the thread; the caller has set called, run, freed and the cookies, and all other bytes to zero.
 * loop must live until nats_thread_close. Returns NULL, or a static reason when the system lacks a
 * resource; freed is then not called.
 */
const char *nats_thread_open(struct nats_thread *t, struct loop *loop);

/*
 * Tells the thread to stop and waits for its end, but for a second and a half at most, because it may be
 * waiting for a server. From now on called is not called. freed is called as soon as this function and
 * the thread have both ended, by the one of them that ends last.
 */
void nats_thread_close(struct nats_thread *t);

/* Take and give back the lock, under which whatever the two share is read and changed. */
void nats_thread_lock(struct nats_thread *t);
void nats_thread_unlock(struct nats_thread *t);

/* Under the lock: waits until nats_thread_wake is called, or for ms milliseconds. It may return earlier. */
void nats_thread_wait(struct nats_thread *t, unsigned ms);

/* Under the lock: ends every nats_thread_wait. */
void nats_thread_wake(struct nats_thread *t);

/* Under the lock: makes the loop call called(cookie) soon, on the owner's thread. */
void nats_thread_call(struct nats_thread *t);

#endif
