/*
 * Tells the service manager at regular intervals that the tool works, as long as its loop turns. The
 * protocol is that of sd_notify(3) and sd_watchdog_enabled(3): a manager that sets WATCHDOG_USEC starts
 * a service anew that has not sent WATCHDOG=1 for that many microseconds.
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
 * Begins to send WATCHDOG=1 from loop, three times within the limit, each time only if works(cookie)
 * returns true. With works NULL it is sent each time. Nothing is sent when no limit is set, or when
 * WATCHDOG_PID is not empty and names another process than this one.
 */
void watchdog_start(struct watchdog *w, struct loop *loop, bool (*works)(void *cookie),
    void *cookie);

/* Sends no more. To be called before the loop is freed. Does nothing before watchdog_start. */
void watchdog_stop(struct watchdog *w);

#endif
