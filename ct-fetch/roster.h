/*
 * Getting the log list, from a file or a URL, with its signature: the same
 * name with .sig in place of .json. An unsigned or wrongly signed list is
 * never used, unless it was asked for so.
 */
#ifndef CT_FETCH_ROSTER_H
#define CT_FETCH_ROSTER_H

#include "ct-fetch/fetch.h"
#include "ct/loglist.h"

#define LIST_DEFAULT "https://www.gstatic.com/ct/log_list/v3/log_list.json"

struct roster_ask {
	const char *where;		/* FILE or URL; must live on */
	const struct sig_key *key;	/* NULL: none is asked for */
	bool own;			/* the user's: http and file URLs of logs are taken */
};

struct roster;

/*
 * done gets the list, valid until the next roster_get, or NULL and the reason,
 * which names what could not be had.
 */
struct roster *roster_open(struct fetch *, const struct roster_ask *,
    void (*done)(void *cookie, const struct loglist *, const char *why), void *cookie);
void roster_free(struct roster *);

/* Starts to get it anew; done may be called before this returns. */
void roster_get(struct roster *);

#endif
