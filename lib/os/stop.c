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
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

/* A handler has no argument to find these by. */
static volatile sig_atomic_t stop_flag;		/* TERM or INT has come */
static volatile sig_atomic_t stop_first;	/* stop_clock when it came */
static volatile sig_atomic_t stop_told = -1;
static volatile sig_atomic_t stop_limit;

/* Milliseconds; they wrap after 49 days, which differences of them survive. */
static uint32_t
stop_clock(void)
{
	struct timespec t = { .tv_sec = 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint32_t)t.tv_sec * 1000 + (uint32_t)(t.tv_nsec / 1000000);
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
	if (stop_flag) {
		if (stop_clock() - (uint32_t)stop_first >= STOP_SAME_MS)
			_exit(0);
		return;
	}
	stop_first = (sig_atomic_t)stop_clock();
	stop_flag = 1;
	alarm((unsigned)stop_limit);
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
	stop_limit = (sig_atomic_t)limit;
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
	return stop_flag != 0;
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
	while (!stop_flag && n == 0) {
		n = ppoll(&p, 1, NULL, &before);
		if (n < 0 && errno == EINTR)
			n = 0;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return !stop_flag;
}
