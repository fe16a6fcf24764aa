/*
 * Lets one thread wait for many things at once: descriptors, timers and signals.
 * When one of them is due, the loop calls the function that was given for it, and
 * waits for none of the others until that returns.
 *
 * The caller owns each struct loop_fd and struct loop_timer, usually as a member
 * of what it belongs to, and sets the function and its cookie in it. Until
 * loop_del or the end of the timer it must stay where it is. Any callback may stop
 * or delete any of them, also its own; it is not called again after that.
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
 * ready is called with those events of wanted that are there. With LOOP_HUP all
 * that is wanted is set too, so that the next read or write tells the error.
 * LOOP_HUP is repeated while something is wanted, and comes once otherwise.
 */
struct loop_fd {
	int fd;
	unsigned wanted;	/* LOOP_READ and LOOP_WRITE; set by loop_add and loop_want only */
	void (*ready)(void *cookie, unsigned events);
	void *cookie;		/* handed to ready */
};

/* Its last three members are the loop's; they are all 0 before the first loop_after. */
struct loop_timer {
	void (*due)(void *cookie);
	void *cookie;		/* handed to due */
	uint64_t at;		/* when it is due, as loop_now counts */
	uint64_t order;		/* number of the start */
	size_t slot;		/* place in the heap; 0 while the timer does not run */
};

/* Makes a loop. Returns it, or NULL with errno set. The caller ends it with loop_free. */
struct loop *loop_open(void);

/* Ends the loop and closes its own descriptors, none of the caller's. NULL is allowed. */
void loop_free(struct loop *);

/*
 * Begins to wait for the wanted events of fd->fd. Returns 0, or -1 with errno set:
 * EPERM for a regular file, which never has to be waited for.
 */
int loop_add(struct loop *, struct loop_fd *fd, unsigned wanted);

/* Changes what is wanted of a descriptor that was added. */
void loop_want(struct loop *, struct loop_fd *, unsigned wanted);

/* Ends the wait for a descriptor; to be called before it is closed. */
void loop_del(struct loop *, struct loop_fd *);

/*
 * Starts a timer: due is called once, ms milliseconds from now. One that runs
 * already is started again. With ms 0, in a timer's callback, the descriptors that
 * are ready have their turn first.
 */
void loop_after(struct loop *, struct loop_timer *, unsigned ms);

/* Stops a timer; one that does not run stays as it is. */
void loop_stop_timer(struct loop *, struct loop_timer *);

/*
 * From now on each HUP and the first TERM or INT arrive as a call of got with
 * cookie and the signal's number, from the loop. One more TERM or INT ends the
 * process at once, and so does the end of STOP_LIMIT seconds after the first
 * one, with exit code 0: see os/stop.h. PIPE is ignored. Call once in a
 * process, before any thread is started. Returns 0, or -1 with errno.
 */
int loop_signals(struct loop *, void (*got)(void *cookie, int signo), void *cookie);

/* Returns what the monotonic clock said, in milliseconds, when this turn of the loop began. */
uint64_t loop_now(const struct loop *);

/*
 * Waits and calls back until a callback calls loop_stop. Returns 0 then, or -1
 * with errno set when waiting failed. A loop_stop before makes it return at once.
 */
int loop_run(struct loop *);

/* Makes loop_run return as soon as the callback that calls this has returned. */
void loop_stop(struct loop *);

#endif
