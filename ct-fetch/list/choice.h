/* A choice: which logs of a list the user wants to follow, as -l and --all-states say. */
#ifndef CT_FETCH_CHOICE_H
#define CT_FETCH_CHOICE_H

#include "ct/loglist.h"

struct choice {
	const char **globs;	/* fnmatch(3) patterns; one that begins with ! excludes logs */
	size_t n;		/* how many globs there are */
	bool all_states;	/* logs in any state, and test logs too */
	unsigned share, shares;	/* only every shares-th log, by its log ID; shares 0: all of them */
};

/*
 * Compares the globs with four texts of a log, ignoring case: name, operator, url (with and
 * without its last slash) and the last part of its path. Returns false when an excluding glob
 * matches one of them. Otherwise returns true when another glob matches, or when all globs of choice
 * exclude, or it has none; else false.
 */
bool choice_matches(const struct choice *choice, const char *name, const char *operator,
    const char *url);

/*
 * Returns true when choice_matches returns true for log, log is in a state to be followed (qualified,
 * usable or readonly, and not for tests), and it is in the share that is wanted. With all_states, any
 * state is one to be followed.
 */
bool choice_takes(const struct choice *choice, const struct loglist_log *log);

/* Returns the log of list with this log ID, owned by list, if choice takes it, else NULL. */
const struct loglist_log *choice_find(const struct choice *choice, const struct loglist *list,
    const uint8_t id[HASH_SHA256]);

#endif
