/* In: what getopt_long found. Out: settings, or the end. Called by every tool's main. */
#include "os/option.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
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
	unsigned long long n;
	const char *suffix;
	char *end;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (*end != '\0' && (suffix = strchr(suffixes, *end)) != NULL) {
		unsigned shift = 10 * (unsigned)(suffix - suffixes + 1);

		end++;
		if (n > most >> shift)
			errno = ERANGE;
		n <<= shift;
	}
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || n < least || n > most)
		die_usage("%s %s: it is a number from %llu to %llu", name, text,
		    (unsigned long long)least, (unsigned long long)most);
	return n;
}
