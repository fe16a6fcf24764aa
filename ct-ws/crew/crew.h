/*
 * Several processes that do the same work: a parent, which does nothing but watch, and the workers it
 * has forked. A worker that ends is started again. Between the parent and each worker is a
 * line, a socket over which the worker says that it is ready, and the parent passes signals on. When
 * the parent has gone, however that came, a worker reads the end of file on its line.
 */
#ifndef CT_WS_CREW_CREW_H
#define CT_WS_CREW_CREW_H

#include <stddef.h>

#include "ct-ws/crew/slots.h"

enum {
	CREW_STEADY_MS = 10 * 1000,	/* a worker that has lived so long is started again at once */
	CREW_PAUSE_MS = 250,		/* the pause before one is started again that has lived shorter */
	CREW_PAUSE_MOST_MS = 16 * 1000,	/* what the pause, which doubles each time, grows to */
	CREW_SILENT_MS = 5 * 1000,	/* a worker that has not written its slot for so long is killed */
	CREW_KILL_MS = 3 * 1000,	/* a worker that was told to end and has not by then is killed */
};

struct crew_calls {
	/*
	 * The work, called in the process of worker number `worker`, counted from 0. line is its end of
	 * the line; again says that the worker is one that replaces another. It returns the exit code.
	 */
	int (*work)(void *cookie, size_t worker, int line, bool again);
	void (*ready)(void *cookie);	/* in the parent, once: all workers have said that they are ready */
	void (*ended)(void *cookie, size_t worker);	/* in the parent: that worker has ended */
	void (*stop)(void *cookie);	/* in the parent: TERM or INT has come, the workers know it */
	void *cookie;
};

/*
 * Forks n workers, which do calls->work and write into slots, passes signals on to them, and waits for
 * their end; to be called before any thread is started. A worker that ends before all have been ready for
 * the first time ends the others too. Where the service manager sets a limit (os/watchdog.h), the parent
 * tells it that it works, and kills a worker that has not written into its slot for so long, or for
 * CREW_SILENT_MS. Returns the exit code, in the parent only: 0 after TERM or INT, that of the worker which
 * could not begin, or DIE_WORLD when that was killed. Workers exit instead of returning.
 */
int crew_run(size_t n, struct slots *slots, const struct crew_calls *calls);

/*
 * For a worker; line is its end of the line. crew_be_ready tells the parent that the worker is ready.
 * crew_hear is to be called when line is readable; it returns the signal that the parent has passed on, 0
 * when none has come, or -1 when the parent has gone.
 */
void crew_be_ready(int line);
int crew_hear(int line);

#endif
