/*
 * Lets one thread wait for many things at once: descriptors, timers and signals.
 * When one of them is due, the loop calls the function that was given for it, and
 * waits for none of the others until that returns.
 *
 * The caller owns each struct loop_fd and struct loop_timer, usually as a member
 * of what it belongs to, and sets the function and its cookie in it. The struct must
 * not move in memory until loop_del, or until the timer has come due or been
 * stopped. A callback may delete any descriptor and stop any timer, also those it was
 * called for; their functions are not called after that.
 */
#ifndef OS_LOOP_H
#define OS_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;

enum {
	LOOP_READ = 1,	/* there is something to read, or end of file was reached */
	LOOP_WRITE = 2,	/* something can be written */
	LOOP_HUP = 4,	/* the other side is gone, or there is an error; need not be wanted */
};

/*
 * A descriptor that is waited for. The loop calls ready with the wanted events that
 * have come. When LOOP_HUP has come, ready gets all wanted events with it, so that
 * the next read or write brings the error to light. It gets LOOP_HUP again in each
 * turn while something is wanted, and only once while nothing is.
 */
struct loop_fd {
	int fd;
	unsigned wanted;	/* LOOP_READ and LOOP_WRITE; set by loop_add and loop_want only */
	void (*ready)(void *cookie, unsigned events);
	void *cookie;		/* handed to ready */
};

/*
 * A timer. The caller sets due and cookie; the last three members belong to the loop
 * and are 0 before the first loop_after.
 */
struct loop_timer {
	void (*due)(void *cookie);
	void *cookie;		/* handed to due */
	uint64_t at;		/* when it is due, in ms as loop_now counts */
	uint64_t order;		/* number of its start: orders timers that are due together */
	size_t slot;		/* place in the heap; 0 while the timer does not run */
};

/* Makes a loop. Returns it, or NULL with errno set. The caller ends it with loop_free. */
struct loop *loop_open(void);

/* Ends the loop and closes its own descriptors, none of the caller's. NULL is allowed. */
void loop_free(struct loop *l);

/*
 * Begins to wait for the events wanted (LOOP_READ, LOOP_WRITE, both or 0) of fd->fd.
 * Returns 0, or -1 with errno set: EPERM for a regular file, which never has to be
 * waited for.
 */
int loop_add(struct loop *l, struct loop_fd *fd, unsigned wanted);

/* Replaces the events that are wanted of fd, which has been added, by wanted. */
void loop_want(struct loop *l, struct loop_fd *fd, unsigned wanted);

/*
 * Ends the wait for fd, which has been added. To be called before its descriptor is closed, or at once
 * afterwards, before another one can get the same number: libcurl closes some connections first.
 */
void loop_del(struct loop *l, struct loop_fd *fd);

/*
 * Starts timer: its due is called once, ms milliseconds from now. A timer that runs
 * already begins anew. A timer that a timer's callback starts with ms 0 comes after
 * the descriptors that are ready.
 */
void loop_after(struct loop *l, struct loop_timer *timer, unsigned ms);

/* Stops timer: its due is not called any more. Does nothing when it does not run. */
void loop_stop_timer(struct loop *l, struct loop_timer *timer);

/* Returns true from loop_after on until due is called or the timer is stopped. */
bool loop_timer_runs(const struct loop_timer *timer);

/*
 * From now on each HUP and the first TERM or INT arrive as a call of got with
 * cookie and the signal's number, from the loop. One more TERM or INT ends the
 * process at once, and so does the end of STOP_LIMIT seconds after the first one,
 * both with exit code 0: see os/stop.h. PIPE is ignored. Call once in a
 * process, before any thread is started. Returns 0, or -1 with errno.
 */
int loop_signals(struct loop *l, void (*got)(void *cookie, int signo), void *cookie);

/*
 * From now on each signal signo arrives as HUP does: got is called, and nothing else happens.
 * To be called after loop_signals. Returns 0, or -1 with errno.
 */
int loop_hear(int signo);

/* Returns what the monotonic clock said, in milliseconds, when this turn of the loop began. */
uint64_t loop_now(const struct loop *l);

/* Returns the milliseconds of the monotonic clock now, with or without a loop. */
uint64_t loop_clock(void);

/*
 * Waits and calls back until a callback calls loop_stop. Returns 0 then, or -1
 * with errno set when waiting failed. Returns 0 at once when loop_stop was called
 * before.
 */
int loop_run(struct loop *l);

/* Makes loop_run return as soon as the callback that calls this has returned. */
void loop_stop(struct loop *l);

#endif
