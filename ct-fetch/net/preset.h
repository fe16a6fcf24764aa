/*
 * Presets: how many requests a second a host is sent before anything has been learned about it. The
 * user gives some with --rate; others are known of the operators of logs.
 */
#ifndef CT_FETCH_PRESET_H
#define CT_FETCH_PRESET_H

#include <stdbool.h>
#include <stddef.h>

struct preset {
	const char *host;	/* a name, or a pattern such as *.ct.test; not ended by a NUL */
	size_t host_n;		/* its length */
	double start;		/* requests a second at the beginning; 0: no limit */
	double most;		/* requests a second at most, however well it goes; 0: no limit */
};

/*
 * Reads text, the argument of --rate: HOST=N, where N is a number of requests a second, or with /s,
 * /m or /h behind it a number a second, a minute or an hour. Returns NULL with *preset set, whose
 * host lies in text; or a static reason that names the part that is wrong.
 */
const char *preset_parse(const char *text, struct preset *preset);

/*
 * Returns true when preset is for the host of url. A host without a port is meant on every port.
 * Upper and lower case count as equal.
 */
bool preset_is_for(const struct preset *preset, const char *url);

/* Returns the preset of the operator whose host url has, or the one of hosts that nobody knows. */
const struct preset *preset_find(const char *url);

#endif
