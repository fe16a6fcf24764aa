/*
 * Ages as text.
 *
 * in: milliseconds
 * out: a number and its unit
 */
#include "ct-fetch/age.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

const char *
age_write(char out[MAX_AGE_TEXT], uint64_t ms)
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[] = { { "d", 86400 }, { "h", 3600 }, { "min", 60 }, { "s", 1 } };
	uint64_t seconds = ms / 1000;
	size_t i = 0;

	while (units[i].seconds > 1 && seconds < 2 * units[i].seconds)
		i++;
	snprintf(out, MAX_AGE_TEXT, "%" PRIu64 " %s", seconds / units[i].seconds, units[i].name);
	return out;
}
