/*
 * Ages as text.
 *
 * in: milliseconds, or a number and its unit
 * out: the other of the two
 */
#include "os/age.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { AGE_UNITS = 4 };

/* From the largest to the smallest. */
static const struct {
	const char *name;
	uint64_t seconds;
} age_units[AGE_UNITS] = { { "d", 86400 }, { "h", 3600 }, { "min", 60 }, { "s", 1 } };

#define MAX_AGE ((uint64_t)10 * 366 * 86400)	/* s: older than any log */

const char *
age_write(char out[MAX_AGE_TEXT], uint64_t ms)
{
	uint64_t seconds = ms / 1000;
	size_t i = 0;

	while (age_units[i].seconds > 1 && seconds < 2 * age_units[i].seconds)
		i++;
	snprintf(out, MAX_AGE_TEXT, "%" PRIu64 " %s", seconds / age_units[i].seconds, age_units[i].name);
	return out;
}

bool
age_parse(const char *text, uint64_t *ms)
{
	uint64_t n = 0;

	if (!isdigit((unsigned char)*text))
		return false;
	for (; isdigit((unsigned char)*text); text++) {
		n = n * 10 + (uint64_t)(*text - '0');
		if (n > MAX_AGE)
			return false;
	}
	for (size_t i = 0; i < AGE_UNITS; i++) {
		if (strcmp(text, age_units[i].name) != 0 || n > MAX_AGE / age_units[i].seconds)
			continue;
		*ms = n * age_units[i].seconds * 1000;
		return true;
	}
	return false;
}
