/*
 * Carries out the options that all tools have, and reads numbers. In: what
 * getopt_long found. Out: settings of base/tell, numbers, or the end of the process.
 */
#include "os/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/digits.h"
#include "base/tell.h"
#include "base/version.h"

_Noreturn static void
option_end(void)
{
	if (fflush(stdout) != 0)
		die_world("cannot write to stdout:");
	exit(0);
}

void
option_take(int c, const char *tool, const char *help)
{
	switch (c) {
	case 'q':
		tell_quieter();
		break;
	case 'v':
		tell_louder();
		break;
	case 'h':
		fputs(help, stdout);
		option_end();
	case 'V':
		printf("%s %s\n", tool, CT_VERSION);
		option_end();
	default:
		die_usage("try %s --help", tool);
	}
}

uint64_t
option_number(const char *name, const char *text, uint64_t least, uint64_t most,
    const char *suffixes)
{
	uint64_t n = 0;
	struct span rest = span_str(text);
	bool fits = digits_take(&rest, &n);
	const char *suffix = rest.n == 1 ? strchr(suffixes, rest.p[0]) : NULL;

	if (suffix != NULL) {
		unsigned shift = 10 * (unsigned)(suffix - suffixes + 1);

		rest = span_from(rest, 1);
		fits &= n <= most >> shift;
		n <<= shift;
	}
	if (!fits || rest.n > 0 || n < least || n > most)
		die_usage("%s %s: it is a number from %llu to %llu", name, text,
		    (unsigned long long)least, (unsigned long long)most);
	return n;
}
