/* Ends ct-log. In: a printf format. Out: a line on stderr and an exit code. */
#include "tests/log/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* Ends by _exit, because exit() would run while other threads still do. */
static _Noreturn void
fail_end(int status, const char *kind, const char *fmt, va_list ap)
{
	fprintf(stderr, "ct-log: %s: ", kind);
	vfprintf(stderr, fmt, ap);
	fputs(status == 100 ? "; try ct-log --help\n" : "\n", stderr);
	fflush(stderr);
	_exit(status);
}

void
fail_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_end(100, "usage", fmt, ap);
}

void
fail_bug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_end(101, "bug", fmt, ap);
}

void
fail_world(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fail_end(111, "error", fmt, ap);
}
