/* Last words of ct-log; the contract is in fail.h. Called from everywhere. */
#include "tests/log/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* _exit: other threads may be running, and exit() would race with them. */
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
