/* lib/os/sandbox: what a confined process may do, and what kills it. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/sandbox.h"

enum { UNAVAILABLE = 77 };

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
		if (sandbox_filter() != 0)
			_exit(UNAVAILABLE);
		deed();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return status;
}

static bool
is_available(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	return false;
#else
	int pid = fork(), status;

	if (pid == 0)
		_exit(sandbox_filter() == 0 ? 0 : UNAVAILABLE);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
#endif
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
	if (!is_available())
		SKIP("no seccomp here");
	CHECK(confined(read_and_write) == 0);
	CHECK(confined(take_memory) == 0);
}

static void
opening_a_file_kills_a_confined_process(void)
{
	if (!is_available())
		SKIP("no seccomp here");
	CHECK(is_killed(confined(open_a_file)));
}

static void
opening_a_socket_kills_a_confined_process(void)
{
	if (!is_available())
		SKIP("no seccomp here");
	CHECK(is_killed(confined(open_a_socket)));
}

static void
starting_a_program_kills_a_confined_process(void)
{
	if (!is_available())
		SKIP("no seccomp here");
	CHECK(is_killed(confined(start_a_process)));
}

int
main(void)
{
	RUN(a_confined_process_reads_writes_and_takes_memory);
	RUN(opening_a_file_kills_a_confined_process);
	RUN(opening_a_socket_kills_a_confined_process);
	RUN(starting_a_program_kills_a_confined_process);
	return unit_end();
}
