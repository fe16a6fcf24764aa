/*
 * took: measures what a command needs for each of the things it handles.
 *
 *	took COUNT COMMAND [ARGUMENT ...]
 *
 * Runs the command, which must handle COUNT things, and then prints on stderr:
 * things a second of CPU time, things a second of wall time, microseconds of
 * CPU time for each thing, and the most memory that the command had.
 */
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double
took_seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double
took_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
	double count = argc > 2 ? strtod(argv[1], NULL) : 0, from = took_now(), cpu, wall;
	struct rusage used;
	int status;
	pid_t pid;

	if (count <= 0) {
		fprintf(stderr, "usage: took COUNT COMMAND [ARGUMENT ...]\n");
		return 100;
	}
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(111);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || getrusage(RUSAGE_CHILDREN, &used) != 0) {
		perror("took");
		return 111;
	}
	wall = took_now() - from;
	cpu = took_seconds(used.ru_utime) + took_seconds(used.ru_stime);
	fprintf(stderr, "%9.0f/s of CPU  %9.0f/s  %6.2f us each  %6ld KB\n", count / cpu,
	    count / wall, cpu / count * 1e6, used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 111;
}
