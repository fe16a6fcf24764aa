/*
 * How TERM and INT end a tool. The first of them is a request: the tool
 * finishes what it has in hand and exits by itself. Another one, or the end of
 * a time limit, ends the process at once with exit code 0, wherever it waits;
 * this happens in the signal handler, so that even a library that never
 * returns cannot hold it.
 *
 * timeout(1) sends every signal twice in a row. Therefore signals that come
 * within STOP_SAME_MS of the first one count as the same request.
 */
#ifndef OS_STOP_H
#define OS_STOP_H

#include <stdbool.h>

enum {
	STOP_SAME_MS = 100,	/* ms after the first signal in which others count as the same one */
	STOP_LIMIT = 5,		/* seconds a tool with a loop has to end; all plan to need less than 2 */
};

/*
 * Installs the handlers for TERM and INT, and ignores PIPE. limit is how many
 * seconds after the first signal the process ends in any case. told is a
 * descriptor that does not block, to which the number of the first signal is
 * written as one byte; the handler then also catches every HUP and writes its
 * number in the same way. told may be -1: then nothing is written, and what
 * HUP does is left as it is. All these signals are unblocked, and caught also
 * where the tool was started with them ignored. A limit of 0 is no limit. A
 * second call replaces limit and told. The first must come before any thread
 * is started. Returns 0, or -1 with errno.
 */
int stop_init(int told, unsigned limit);

/*
 * Lets the handler also catch each signal signo and write its number to told, as it does with
 * HUP. To be called after stop_init. Returns 0, or -1 with errno.
 */
int stop_hear(int signo);

/* Returns true once TERM or INT has come. */
bool stop_asked(void);

/*
 * Waits until fd can be read without blocking. Returns true then, and false
 * when TERM or INT came, before the call or during it.
 */
bool stop_wait(int fd);

#endif
