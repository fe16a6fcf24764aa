/*
 * The board on a terminal, at standard output: once, or drawn again in its place each second while a
 * loop runs.
 */
#ifndef CT_LATEST_WATCH_H
#define CT_LATEST_WATCH_H

#include "base/buf.h"
#include "os/loop.h"

struct question;

struct watch {
	struct loop *loop;
	const char *address;	/* of the bus */
	struct question *question;	/* owned; NULL: none is open */
	struct loop_timer timer;	/* asks again */
	struct buf records;	/* owned: the last answer */
	const char *why;	/* the last question was not answered: a static text; NULL: it was */
	uint64_t answered_at;	/* when the last answer came, as loop_clock counts; 0: none has */
};

/*
 * Writes the board of records (board.h) to standard output as it fits the terminal, and an LF. Returns 0,
 * or -1 with errno set.
 */
int watch_put_once(struct span records);

/*
 * Asks the bus at address for status records each second while loop runs, and shows their board on the
 * terminal. Stops the loop when the terminal is gone. loop and address must live until watch_free.
 */
void watch_open(struct watch *watch, struct loop *loop, const char *address);

/* Shows the board anew, because the terminal has another size now. */
void watch_resize(struct watch *watch);

/* Leaves the board where it is, with the cursor below it, and frees all. */
void watch_free(struct watch *watch);

#endif
