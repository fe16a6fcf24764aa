/* Which logs of a list are followed. */
#ifndef CT_FETCH_CHOICE_H
#define CT_FETCH_CHOICE_H

#include "ct/loglist.h"

struct choice {
	const char **globs;	/* fnmatch(3) patterns; one beginning with ! excludes */
	size_t n;
	bool all_states;	/* also pending, retired, rejected and test logs */
};

/*
 * Matches name, operator, URL (with or without its last slash) or the last
 * part of its path, in either case. True when one glob matches and no
 * excluding one does; without globs, or with excluding ones only, everything
 * else is taken.
 */
bool choice_matches(const struct choice *, const char *name, const char *operator,
    const char *url);

/* The state of the log too: qualified, usable and readonly ones, none for tests. */
bool choice_takes(const struct choice *, const struct loglist_log *);

#endif
