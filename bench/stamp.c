/*
 * stamp: says when each line came.
 *
 *	stamp <LINES
 *
 * Copies stdin to stdout with the time in front of each line, in seconds since 1970 with six digits
 * behind the point, and a space. Of a line of more than 4 KiB only the beginning is copied. Each
 * line is written at once.
 */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { MAX_READ = 1 << 20, MAX_LINE = 4096 };

static void
stamp_time(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	printf("%lld.%06ld ", (long long)t.tv_sec, t.tv_nsec / 1000);
}

int
main(void)
{
	static char in[MAX_READ];
	unsigned at = 0;
	ssize_t n;

	while ((n = read(STDIN_FILENO, in, sizeof(in))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (at == 0)
				stamp_time();
			if (in[i] == '\n' || at < MAX_LINE)
				putchar(in[i]);
			at = in[i] == '\n' ? 0 : at + 1;
		}
		if (fflush(stdout) != 0)
			return 111;
	}
	return n == 0 ? 0 : 111;
}
