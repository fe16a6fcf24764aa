/*
 * One thread that waits for many things: descriptors, timers and signals. A
 * tool has one loop; everything in it runs to completion in turn.
 *
 * The caller owns every struct loop_fd and struct loop_timer and embeds it in
 * what it belongs to. It may stop or delete any of them, also from inside
 * its own or another callback; no callback comes after that.
 */
#ifndef OS_LOOP_H
#define OS_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;

enum {
	LOOP_READ = 1,	/* readable, or end of file */
	LOOP_WRITE = 2,
	LOOP_HUP = 4,	/* only reported: the other side is gone, or an error stands */
};

/*
 * LOOP_HUP comes together with all that is wanted, so that the read or write
 * finds out why. While nothing is wanted it is reported once.
 */
struct loop_fd {
	int fd;
	unsigned wanted;	/* LOOP_READ | LOOP_WRITE; kept by loop_add and loop_want */
	void (*ready)(void *cookie, unsigned events);
	void *cookie;
};

struct loop_timer {
	void (*due)(void *cookie);
	void *cookie;
	uint64_t at;		/* loop's own, as what follows */
	uint64_t order;
	size_t slot;		/* 0 while not running */
};

struct loop *loop_open(void);	/* NULL with errno */
void loop_free(struct loop *);

/* 0, or -1 with errno (EPERM: a regular file, which is always ready). */
int loop_add(struct loop *, struct loop_fd *, unsigned wanted);
void loop_want(struct loop *, struct loop_fd *, unsigned wanted);
void loop_del(struct loop *, struct loop_fd *);	/* before the descriptor is closed */

/*
 * Calls due once, ms milliseconds from now; a running timer starts anew. One
 * started with 0 by a timer's callback has its turn after the descriptors.
 */
void loop_after(struct loop *, struct loop_timer *, unsigned ms);
void loop_stop_timer(struct loop *, struct loop_timer *);

/*
 * From now on each HUP and the first TERM or INT arrive as a call of got with
 * cookie and the signal's number, from the loop. One more TERM or INT ends the
 * process at once, and so does the end of STOP_LIMIT seconds after the first
 * one, with exit code 0: see os/stop.h. PIPE is ignored. Call once in a
 * process, before any thread is started. Returns 0, or -1 with errno.
 */
int loop_signals(struct loop *, void (*got)(void *cookie, int signo), void *cookie);

/* Milliseconds of the monotonic clock as of this turn of the loop. */
uint64_t loop_now(const struct loop *);

/*
 * Runs until loop_stop, or -1 with errno when waiting itself failed. A stop
 * that comes before makes it return at once.
 */
int loop_run(struct loop *);
void loop_stop(struct loop *);

#endif
