/* os/stop: how TERM and INT end a process, with a loop and without. */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "os/loop.h"
#include "os/stop.h"

enum { BY_ITSELF = 7, WRONG = 8 };

static struct loop *loop;

static void
wait_ms(unsigned ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		continue;
}

static void
finished(void *cookie)
{
	(void)cookie;
	_exit(BY_ITSELF);
}

static void
finish_soon(void *cookie, int signo)
{
	(void)signo;
	loop_after(loop, cookie, 300);
}

/* Says that it is ready, and runs a loop that takes 300 ms to end. */
static void
child_with_loop(int ready)
{
	struct loop_timer end = { .due = finished };

	loop = loop_open();
	if (loop == NULL || loop_signals(loop, finish_soon, &end) < 0 || write(ready, "r", 1) != 1)
		_exit(WRONG);
	loop_run(loop);
	_exit(WRONG);
}

/* Has a loop, but waits in a read that never returns, as in a library. */
static void
child_that_hangs(int ready)
{
	int ends[2];
	char c;

	loop = loop_open();
	if (loop == NULL || loop_signals(loop, finish_soon, NULL) < 0 || pipe(ends) < 0 ||
	    write(ready, "r", 1) != 1)
		_exit(WRONG);
	for (;;)
		wait_ms((unsigned)read(ends[0], &c, 1));
}

static void
child_with_a_limit(int ready)
{
	if (stop_init(-1, 1) < 0 || write(ready, "r", 1) != 1)
		_exit(WRONG);
	for (;;)
		wait_ms(1000);
}

static pid_t
spawn(void (*child)(int ready))
{
	int ends[2];
	pid_t pid;
	char c;

	CHECK(pipe(ends) == 0);
	pid = fork();
	if (pid == 0)
		child(ends[1]);
	close(ends[1]);
	CHECK(read(ends[0], &c, 1) == 1);
	close(ends[0]);
	return pid;
}

/* The exit code of the process, or -1 when it still ran after so long or died of a signal. */
static int
end_of(pid_t pid, unsigned ms)
{
	int status;

	for (; ms > 0 && waitpid(pid, &status, WNOHANG) == 0; ms -= 10)
		wait_ms(10);
	if (ms > 0)
		return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	return -1;
}

static void
the_second_signal_ends_a_process_that_hangs(void)
{
	pid_t pid = spawn(child_that_hangs);

	kill(pid, SIGTERM);
	wait_ms(2 * STOP_SAME_MS);
	CHECK(waitpid(pid, NULL, WNOHANG) == 0);
	kill(pid, SIGINT);
	CHECK(end_of(pid, 2000) == 0);
}

static void
a_signal_sent_twice_in_a_row_is_one_request(void)
{
	pid_t pid = spawn(child_with_loop);

	kill(pid, SIGTERM);
	kill(pid, SIGTERM);
	wait_ms(10);
	kill(pid, SIGTERM);
	CHECK(end_of(pid, 4000) == BY_ITSELF);
}

static void
a_process_that_cannot_end_is_ended_by_the_limit(void)
{
	pid_t pid = spawn(child_with_a_limit);

	kill(pid, SIGTERM);
	CHECK(end_of(pid, 5000) == 0);
}

static void
stop_wait_returns_false_after_a_signal_even_where_something_can_be_read(void)
{
	int ends[2];

	CHECK(stop_init(-1, 0) == 0);
	CHECK(pipe(ends) == 0 && write(ends[1], "x", 1) == 1);
	CHECK(stop_wait(ends[0]) && !stop_asked());
	CHECK(raise(SIGTERM) == 0);
	CHECK(!stop_wait(ends[0]) && stop_asked());
}

int
main(void)
{
	RUN(the_second_signal_ends_a_process_that_hangs);
	RUN(a_signal_sent_twice_in_a_row_is_one_request);
	RUN(a_process_that_cannot_end_is_ended_by_the_limit);
	RUN(stop_wait_returns_false_after_a_signal_even_where_something_can_be_read);
	return unit_end();
}
