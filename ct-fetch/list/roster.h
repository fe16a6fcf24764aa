/*
 * The roster: the log list that a run follows, got from a file or a URL together with its
 * signature, which has the name of the list with .sig in place of .json. A list without a correct
 * signature is not used, except where the user has said that it needs none.
 */
#ifndef CT_FETCH_ROSTER_H
#define CT_FETCH_ROSTER_H

#include "ct-fetch/fetch.h"
#include "ct/loglist.h"

#define ROSTER_DEFAULT "https://www.gstatic.com/ct/log_list/v3/log_list.json"

/* Which list to get. */
struct roster_ask {
	const char *where;		/* file or URL; must outlive the roster */
	const struct sig_key *key;	/* signs the list; NULL: no signature is wanted */
	bool own;			/* the user's own list: its logs may have http and file URLs */
};

struct roster;

/*
 * Makes a roster; nothing is asked for yet. done(cookie, list, why) is called at the end of each
 * roster_get: with the list, valid until the next call of roster_get, and why NULL; or with list
 * NULL and why the reason, which begins with the name of the file or URL that could not be had.
 */
struct roster *roster_open(struct fetch *fetch, const struct roster_ask *ask,
    void (*done)(void *cookie, const struct loglist *list, const char *why), void *cookie);
/* Cancels the requests that are under way, and frees the roster with its list. */
void roster_free(struct roster *roster);

/*
 * Gets the list, or gets it again. Does nothing while it is on its way. From a file, done is
 * called before this returns.
 */
void roster_get(struct roster *roster);

#endif
