/*
 * Starts workers, watches them and tells them when to end.
 *
 * in: signals, and the ends of workers
 * out: workers, and an exit code
 */
#include "ct-ws/crew/crew.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/tell.h"
#include "os/loop.h"
#include "os/stop.h"
#include "os/watchdog.h"

struct crew;

struct crew_worker {
	struct crew *crew;
	size_t number;
	pid_t pid;		/* 0: it does not run */
	struct loop_fd line;	/* fd -1: there is none */
	struct loop_timer again;	/* runs before it is started again */
	uint64_t began;		/* ms of the loop's clock */
	unsigned pause;		/* ms before the next start, when it does not live long */
	bool was_ready;		/* this one, or one before it */
};

struct crew {
	size_t n, living, ready;
	struct slots *slots;
	const struct crew_calls *calls;
	struct loop *loop;
	struct loop_timer kill;
	struct watchdog watchdog;
	struct loop_timer look;		/* runs where the service manager sets a limit */
	bool stopping;
	int code;
	struct crew_worker of[MAX_WORKERS];
};

/* ---- the end ---- */

static void
crew_close_line(struct crew_worker *w)
{
	if (w->line.fd < 0)
		return;
	loop_del(w->crew->loop, &w->line);
	close(w->line.fd);
	w->line.fd = -1;
}

/*
 * Passes a signal on over the lines, and not as a signal: a worker may have got it already, where it
 * was sent to a terminal or a control group, and would take the second for an order to end at once.
 */
static void
crew_tell(struct crew *c, int signo)
{
	uint8_t byte = (uint8_t)signo;

	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].line.fd >= 0 &&
		    send(c->of[i].line.fd, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EPIPE)
			tell(TELL_WARNING, "worker %zu: cannot be told:", i);
}

static void
crew_stop(struct crew *c)
{
	if (c->stopping)
		return;
	c->stopping = true;
	c->calls->stop(c->calls->cookie);
	crew_tell(c, SIGTERM);
	for (size_t i = 0; i < c->n; i++)
		loop_stop_timer(c->loop, &c->of[i].again);
	loop_after(c->loop, &c->kill, CREW_KILL_MS);
	if (c->living == 0)
		loop_stop(c->loop);
}

static void
crew_kill(void *cookie)
{
	struct crew *c = cookie;

	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].pid > 0) {
			tell(TELL_WARNING, "worker %zu does not end, and is killed", i);
			kill(c->of[i].pid, SIGKILL);
		}
}

/* ---- the beginning of a worker ---- */

/* The signals that a tool with a loop hears. */
static sigset_t
crew_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGALRM);
	sigaddset(&set, SIGCHLD);
	return set;
}

/* Does the work in a process that has just been forked, in which crew_signals are blocked. */
static _Noreturn void
crew_work(struct crew_worker *w, int line, bool again)
{
	struct crew *c = w->crew;
	sigset_t child;

	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].line.fd >= 0)
			close(c->of[i].line.fd);
	loop_free(c->loop);	/* the parent goes on with the same one */
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_UNBLOCK, &child, NULL);
	exit(stop_asked() ? 0 : c->calls->work(c->calls->cookie, w->number, line, again));
}

/* Forks while no signal can come between: what one worker is sent must not arrive in the parent's loop. */
static pid_t
crew_fork(struct crew_worker *w, int lines[2], bool again)
{
	sigset_t heard = crew_signals(), before;
	pid_t pid;

	sigprocmask(SIG_BLOCK, &heard, &before);
	pid = fork();
	if (pid == 0) {
		close(lines[0]);
		crew_work(w, lines[1], again);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static void
crew_start_later(struct crew_worker *w)
{
	loop_after(w->crew->loop, &w->again, w->pause);
	w->pause = w->pause == 0 ? CREW_PAUSE_MS :
	    2 * w->pause < CREW_PAUSE_MOST_MS ? 2 * w->pause : CREW_PAUSE_MOST_MS;
}

/* Starts the worker. Returns 0, or -1 with errno. */
static int
crew_start(struct crew_worker *w)
{
	int lines[2], saved;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, lines) < 0)
		return -1;
	w->pid = crew_fork(w, lines, w->was_ready);
	saved = errno;
	close(lines[1]);
	w->line.fd = lines[0];
	if (w->pid < 0 || loop_add(w->crew->loop, &w->line, LOOP_READ) < 0) {
		saved = w->pid < 0 ? saved : errno;
		close(lines[0]);
		w->line.fd = -1;	/* a worker that has been forked reads the end of file */
	}
	w->began = loop_clock();
	w->crew->living += w->pid > 0;
	if (w->pid > 0)
		return 0;
	w->pid = 0;
	errno = saved;
	return -1;
}

static void
crew_start_again(void *cookie)
{
	struct crew_worker *w = cookie;

	if (!stop_asked() && crew_start(w) < 0) {
		tell(TELL_WARNING, "worker %zu cannot be started:", w->number);
		crew_start_later(w);
	}
}

/* The line can be read: the worker is ready, or has closed it. */
static void
crew_line(void *cookie, unsigned events)
{
	struct crew_worker *w = cookie;
	struct crew *c = w->crew;
	uint8_t byte;
	ssize_t n = recv(w->line.fd, &byte, 1, MSG_DONTWAIT);

	(void)events;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		crew_close_line(w);
		return;
	}
	if (w->was_ready)
		return;
	w->was_ready = true;
	if (++c->ready == c->n && !c->stopping)
		c->calls->ready(c->calls->cookie);
}

/* ---- the end of a worker ---- */

static void
crew_tell_end(const struct crew_worker *w, int status)
{
	if (WIFSIGNALED(status))
		tell(TELL_WARNING, "worker %zu was ended by signal %d (%s)", w->number, WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		tell(TELL_WARNING, "worker %zu has ended with exit code %d", w->number,
		    WEXITSTATUS(status));
}

static void
crew_ended(struct crew_worker *w, int status)
{
	struct crew *c = w->crew;

	w->pid = 0;
	c->living--;
	crew_close_line(w);
	slots_retire(c->slots, w->number, c->stopping);
	c->calls->ended(c->calls->cookie, w->number);
	if (c->stopping) {
		if (c->living == 0)
			loop_stop(c->loop);
		return;
	}
	crew_tell_end(w, status);
	if (c->ready < c->n) {
		c->code = WIFSIGNALED(status) ? DIE_WORLD : WEXITSTATUS(status);
		crew_stop(c);
		return;
	}
	if (loop_now(c->loop) - w->began >= CREW_STEADY_MS)
		w->pause = 0;
	crew_start_later(w);
}

static void
crew_reap(struct crew *c)
{
	int status;

	for (size_t i = 0; i < c->n; i++)
		if (c->of[i].pid > 0 && waitpid(c->of[i].pid, &status, WNOHANG) > 0)
			crew_ended(&c->of[i], status);
}

/*
 * Kills each worker that has been silent for longer than the service manager lets a service be. It hears the
 * parent alone, and would end the others too.
 */
static void
crew_look(void *cookie)
{
	struct crew *c = cookie;
	unsigned limit = watchdog_limit();

	if (limit < CREW_SILENT_MS)
		limit = CREW_SILENT_MS;
	for (size_t i = 0; i < c->n; i++) {
		const struct crew_worker *w = &c->of[i];
		uint64_t last = slots_written(c->slots, i);

		last = last > w->began ? last : w->began;
		if (w->pid <= 0 || loop_now(c->loop) < last + limit)
			continue;
		tell(TELL_WARNING, "worker %zu has not moved for %u ms, and is killed", i, limit);
		kill(w->pid, SIGKILL);
	}
	loop_after(c->loop, &c->look, limit / 3);
}

static void
crew_signalled(void *cookie, int signo)
{
	struct crew *c = cookie;

	if (signo == SIGCHLD)
		crew_reap(c);
	else if (signo == SIGHUP)
		crew_tell(c, signo);
	else
		crew_stop(c);
}

int
crew_run(size_t n, struct slots *slots, const struct crew_calls *calls)
{
	struct crew c = { .n = n, .slots = slots, .calls = calls, .loop = loop_open() };

	if (c.loop == NULL || loop_signals(c.loop, crew_signalled, &c) < 0 || loop_hear(SIGCHLD) < 0)
		die_world("cannot wait for workers:");
	c.kill = (struct loop_timer){ .due = crew_kill, .cookie = &c };
	for (size_t i = 0; i < n; i++)
		c.of[i] = (struct crew_worker){ .crew = &c, .number = i,
			.line = { .fd = -1, .ready = crew_line, .cookie = &c.of[i] },
			.again = { .due = crew_start_again, .cookie = &c.of[i] } };
	for (size_t i = 0; i < n && c.code == 0 && !stop_asked(); i++)
		if (crew_start(&c.of[i]) < 0) {
			tell(TELL_ERROR, "worker %zu cannot be started:", i);
			c.code = DIE_WORLD;
			crew_stop(&c);
		}
	c.look = (struct loop_timer){ .due = crew_look, .cookie = &c };
	watchdog_start(&c.watchdog, c.loop, NULL, NULL);
	if (watchdog_limit() > 0)
		crew_look(&c);
	if (loop_run(c.loop) < 0)
		die_world("cannot wait for workers:");
	loop_free(c.loop);
	return c.code;
}

/* ---- in a worker ---- */

void
crew_be_ready(int line)
{
	if (send(line, "r", 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		tell(TELL_WARNING, "the parent cannot be told:");
}

int
crew_hear(int line)
{
	uint8_t signo;
	ssize_t n = recv(line, &signo, 1, MSG_DONTWAIT);

	if (n == 1)
		return signo;
	return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}
