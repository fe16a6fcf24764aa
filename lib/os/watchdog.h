/*
 * Tells the service manager again and again that the tool works, as long as its loop does. The
 * protocol is that of sd_notify(3) and sd_watchdog_enabled(3): the manager that sets WATCHDOG_USEC
 * takes a service for hung that has not said WATCHDOG=1 for so long, and starts it anew.
 */
#ifndef OS_WATCHDOG_H
#define OS_WATCHDOG_H

#include "os/loop.h"

/* A watchdog; it must not move in memory between watchdog_start and watchdog_stop. */
struct watchdog {
	struct loop *loop;
	struct loop_timer timer;
	unsigned every;		/* ms between two signs of life; 0: none is wanted */
	bool (*works)(void *cookie);
	void *cookie;
	bool failed;		/* the manager could not be told, and that has been said */
};

/*
 * Returns how many ms after the last sign of life the manager takes the service for hung, as
 * WATCHDOG_USEC says, or 0 when it never does. This holds for all processes of the service,
 * whichever of them gives the signs.
 */
unsigned watchdog_limit(void);

/*
 * Begins to send WATCHDOG=1, three times within the limit while the loop turns, and each time only if
 * works(cookie) returns true; works may be NULL, which is always. Nothing is sent when no limit is set,
 * or when WATCHDOG_PID names another process than this one; empty, it names none.
 */
void watchdog_start(struct watchdog *w, struct loop *loop, bool (*works)(void *cookie),
    void *cookie);

/* Sends no more. To be called before the loop is freed. Does nothing before watchdog_start. */
void watchdog_stop(struct watchdog *w);

#endif
