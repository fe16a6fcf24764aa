/* lib/os/sandbox: what a confined process may do, and what kills it. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/sandbox.h"

enum { UNAVAILABLE = 77, SANITIZED = 78 };	/* exit codes of a child */

/* The wait status of a child that confines itself and then does the deed. */
static int
confined(void (*deed)(void))
{
	struct rlimit none = { 0, 0 };
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &none);
		switch (sandbox_filter()) {
		case 0:
			break;
		case 1:
			_exit(SANITIZED);
		default:
			_exit(UNAVAILABLE);
		}
		deed();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status;
}

static void
do_nothing(void)
{
}

/* Why nothing can be shown here, or NULL: a sanitizer is off limits, a kernel or qemu has no seccomp. */
static const char *
why_not(void)
{
	int status = confined(do_nothing);

	if (WIFEXITED(status) && WEXITSTATUS(status) == UNAVAILABLE)
		return "no seccomp here";
	if (WIFEXITED(status) && WEXITSTATUS(status) == SANITIZED)
		return "built with a sanitizer, which the sandbox leaves alone";
	return NULL;
}

static void
read_and_write(void)
{
	char c;

	if (write(STDERR_FILENO, "", 0) != 0 || (read(STDIN_FILENO, &c, 0) != 0 && errno != EISDIR))
		_exit(1);
}

static void
take_memory(void)
{
	volatile char *p;

	for (size_t n = 1; n < 64 << 20; n *= 2) {
		p = malloc(n);
		if (p == NULL)
			_exit(1);
		p[n - 1] = 1;
		free((void *)p);
	}
}

static void
ignore(int sig)
{
	(void)sig;
}

/* As ct-parse waits, and as it is woken by a signal. */
static void
wait_for_an_alarm(void)
{
	alarm(1);
	if (poll(NULL, 0, 10) != 0 || poll(NULL, 0, -1) >= 0 || errno != EINTR)
		_exit(1);
}

static void
open_a_file(void)
{
	(void)!open("/etc/passwd", O_RDONLY);
}

static void
open_a_socket(void)
{
	(void)!socket(AF_INET, SOCK_STREAM, 0);
}

static void
start_a_process(void)
{
	execl("/bin/true", "true", (char *)NULL);
}

static bool
is_killed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

static void
a_confined_process_reads_writes_and_takes_memory(void)
{
	if (why_not() != NULL)
		SKIP(why_not());
	CHECK(confined(read_and_write) == 0);
	CHECK(confined(take_memory) == 0);
}

static void
a_confined_process_waits_until_a_signal_comes(void)
{
	if (why_not() != NULL)
		SKIP(why_not());
	signal(SIGALRM, ignore);	/* a confined process could not do that any more */
	CHECK(confined(wait_for_an_alarm) == 0);
	signal(SIGALRM, SIG_DFL);
}

static void
opening_a_file_kills_a_confined_process(void)
{
	if (why_not() != NULL)
		SKIP(why_not());
	CHECK(is_killed(confined(open_a_file)));
}

static void
opening_a_socket_kills_a_confined_process(void)
{
	if (why_not() != NULL)
		SKIP(why_not());
	CHECK(is_killed(confined(open_a_socket)));
}

static void
starting_a_program_kills_a_confined_process(void)
{
	if (why_not() != NULL)
		SKIP(why_not());
	CHECK(is_killed(confined(start_a_process)));
}

int
main(void)
{
	RUN(a_confined_process_reads_writes_and_takes_memory);
	RUN(a_confined_process_waits_until_a_signal_comes);
	RUN(opening_a_file_kills_a_confined_process);
	RUN(opening_a_socket_kills_a_confined_process);
	RUN(starting_a_program_kills_a_confined_process);
	return unit_end();
}
