/*
 * Tells the service manager that the tool works. In: WATCHDOG_USEC and WATCHDOG_PID of the
 * environment, and the turns of the loop. Out: datagrams, by os/ready.
 */
#include "os/watchdog.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/tell.h"
#include "os/ready.h"

enum { WATCHDOG_SIGNS = 3 };	/* within the limit, so that two may be late */

/* Returns the number in the variable, or 0 when it is not one. */
static unsigned long long
watchdog_variable(const char *name)
{
	const char *text = getenv(name);
	unsigned long long n;
	char *end;

	if (text == NULL || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	n = strtoull(text, &end, 10);
	return *end == '\0' && errno == 0 ? n : 0;
}

unsigned
watchdog_limit(void)
{
	unsigned long long us = watchdog_variable("WATCHDOG_USEC"), ms = us / 1000;

	if (us > 0 && ms == 0)
		return 1;
	return ms < UINT_MAX ? (unsigned)ms : UINT_MAX;
}

/* Returns true when it is this process that is to give the signs. */
static bool
watchdog_is_ours(void)
{
	const char *pid = getenv("WATCHDOG_PID");

	return pid == NULL || *pid == '\0' ||
	    watchdog_variable("WATCHDOG_PID") == (unsigned long long)getpid();
}

static void
watchdog_due(void *cookie)
{
	struct watchdog *w = cookie;

	loop_after(w->loop, &w->timer, w->every);
	if (w->works != NULL && !w->works(w->cookie))
		return;
	if (ready_try("WATCHDOG=1") == 0) {
		w->failed = false;
		return;
	}
	if (!w->failed)
		tell(TELL_WARNING, "cannot tell the service manager that the tool works:");
	w->failed = true;
}

void
watchdog_start(struct watchdog *w, struct loop *loop, bool (*works)(void *cookie), void *cookie)
{
	unsigned limit = watchdog_is_ours() ? watchdog_limit() : 0;

	*w = (struct watchdog){
		.loop = loop, .timer = { .due = watchdog_due, .cookie = w },
		.every = limit / WATCHDOG_SIGNS + (limit > 0 && limit < WATCHDOG_SIGNS),
		.works = works, .cookie = cookie,
	};
	if (w->every > 0)
		watchdog_due(w);
}

void
watchdog_stop(struct watchdog *w)
{
	if (w->loop != NULL)
		loop_stop_timer(w->loop, &w->timer);
}
