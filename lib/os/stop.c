/*
 * Ends a tool when it is told to.
 *
 * in: TERM, INT, HUP and other signals that were asked for, and the time limit as ALRM
 * out: a flag, a byte for the event loop, or the end of the process
 *
 * The handler does only what POSIX.1-2008 allows in one (2.4.3): it reads the
 * clock, writes a byte, starts the alarm, or calls _exit.
 */
#include "os/stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

/*
 * A handler has no argument to find these by. It may run on any thread, and on two at once; what it
 * shares with the others is atomic, and free of locks so that a handler may use it (C11 7.14.1.1).
 */
static atomic_uint stop_first;	/* 0 before TERM or INT has come, and then stop_clock when it came */
static atomic_int stop_told = -1;
static atomic_uint stop_limit;

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "atomic integers are free of locks");

/* Milliseconds, never 0; they wrap after 49 days, which differences of them survive. */
static unsigned
stop_clock(void)
{
	struct timespec t = { .tv_sec = 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return ((unsigned)t.tv_sec * 1000 + (unsigned)(t.tv_nsec / 1000000)) | 1;
}

static void
stop_tell(int signo)
{
	uint8_t byte = (uint8_t)signo;
	ssize_t n;

	if (stop_told < 0)
		return;
	n = write(stop_told, &byte, 1);
	(void)n;	/* it fails only where as many bytes wait as a pipe can hold */
}

static void
stop_ask(int signo)
{
	unsigned now = stop_clock(), first = 0;

	if (!atomic_compare_exchange_strong(&stop_first, &first, now)) {
		if ((int)(now - first) >= STOP_SAME_MS)	/* less than 0: another thread was later */
			_exit(0);
		return;
	}
	alarm(stop_limit);
	stop_tell(signo);
}

static void
stop_got(int signo)
{
	int saved = errno;

	if (signo == SIGALRM)
		_exit(0);
	if (signo == SIGTERM || signo == SIGINT)
		stop_ask(signo);
	else
		stop_tell(signo);
	errno = saved;
}

/*
 * Catches signo, also where it was blocked or ignored when the tool was started: a
 * shell without job control ignores INT for what it starts in the background.
 */
static int
stop_catch(int signo, const struct sigaction *act)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	if (sigprocmask(SIG_UNBLOCK, &set, NULL) < 0)
		return -1;
	return sigaction(signo, act, NULL);
}

/* Returns how all of them are caught: while the handler runs, the others wait. */
static struct sigaction
stop_action(void)
{
	struct sigaction act = { .sa_handler = stop_got, .sa_flags = SA_RESTART };

	sigemptyset(&act.sa_mask);
	sigaddset(&act.sa_mask, SIGTERM);
	sigaddset(&act.sa_mask, SIGINT);
	sigaddset(&act.sa_mask, SIGHUP);
	sigaddset(&act.sa_mask, SIGALRM);
	return act;
}

int
stop_init(int told, unsigned limit)
{
	struct sigaction act = stop_action(), ignore = { .sa_handler = SIG_IGN };

	stop_told = told;
	stop_limit = limit;
	if (stop_catch(SIGTERM, &act) < 0 || stop_catch(SIGINT, &act) < 0 ||
	    stop_catch(SIGALRM, &act) < 0 || sigaction(SIGPIPE, &ignore, NULL) < 0)
		return -1;
	return told >= 0 ? stop_catch(SIGHUP, &act) : 0;
}

int
stop_hear(int signo)
{
	struct sigaction act = stop_action();

	return stop_catch(signo, &act);
}

bool
stop_asked(void)
{
	return stop_first != 0;
}

bool
stop_wait(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	sigset_t both, before;
	int n = 0;

	/* Blocked from the look at the flag until ppoll sleeps, so that none is missed. */
	sigemptyset(&both);
	sigaddset(&both, SIGTERM);
	sigaddset(&both, SIGINT);
	sigprocmask(SIG_BLOCK, &both, &before);
	while (!stop_asked() && n == 0) {
		n = ppoll(&p, 1, NULL, &before);
		if (n < 0 && errno == EINTR)
			n = 0;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return !stop_asked();
}
