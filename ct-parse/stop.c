/* Signals of a blocking filter; the contract is in stop.h. */
#include "ct-parse/stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

enum { STOP_GRACE = 2 };	/* seconds */

static volatile sig_atomic_t stop_flag;	/* a handler can reach nothing else */

static void
stop_got(int signo)
{
	if (stop_flag || signo == SIGALRM)
		_exit(0);
	stop_flag = 1;
	alarm(STOP_GRACE);
}

void
stop_init(void)
{
	struct sigaction act = { .sa_handler = stop_got };

	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGALRM, &act, NULL);
	act.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &act, NULL);
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
