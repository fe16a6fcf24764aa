/* Writes the last line of a process and ends it. In: a printf format. Out: an exit code. */
#include "base/die.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/tell.h"

void
die_init(const char *name)
{
	tell_name(name);
}

void
die_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell_line("usage: ", fmt, ap);
	va_end(ap);
	exit(DIE_USAGE);
}

void
die_bug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell_line("bug: ", fmt, ap);
	va_end(ap);
	exit(DIE_BUG);
}

void
die_world(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell_line("fatal: ", fmt, ap);
	va_end(ap);
	exit(DIE_WORLD);
}
