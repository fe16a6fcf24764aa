/*
 * A roster: one log list, got from a file or a URL together with its signature, which has the name of
 * the list with .sig in place of .json. A list without a correct signature is not used, except where
 * the user has said that it needs none.
 */
#ifndef CT_FETCH_ROSTER_H
#define CT_FETCH_ROSTER_H

#include "ct-fetch/fetch.h"
#include "ct-fetch/list/copy.h"
#include "ct/loglist.h"

#define ROSTER_DEFAULT "https://www.gstatic.com/ct/log_list/v3/log_list.json"

/* Which list to get. */
struct roster_ask {
	const char *where;	/* file or URL; must outlive the roster */
	struct sig_key *key;	/* signs the list; NULL: no signature is wanted; roster_free frees it */
	bool own;		/* the user's own list: its logs may have http and file URLs */
};

/* What came of getting a list. */
enum roster_news {
	ROSTER_NEW,		/* a list that is not the one taken last */
	ROSTER_SAME,		/* the list is the one taken last */
	ROSTER_FORGED,		/* its signature is not that of key, however often it was got */
	ROSTER_FAILED,		/* it could not be had, or cannot be read as a list */
};

struct roster;

/*
 * Returns a roster for the list that `ask` names; nothing is asked for yet. done(cookie, news, why) is
 * called at the end of each roster_get. why is NULL with ROSTER_NEW and ROSTER_SAME, and else the reason,
 * which begins with the name of the file or URL that is at fault.
 */
struct roster *roster_open(struct fetch *fetch, const struct roster_ask *ask,
    void (*done)(void *cookie, enum roster_news news, const char *why), void *cookie);
/* Cancels the requests that are under way, and frees the roster, its key and a list not taken. */
void roster_free(struct roster *roster);

/*
 * Gets the list, or gets it again. Does nothing while it is on its way. For a list in files, done is
 * called before this returns; but where the list has a signature, and is not JSON or does not fit the
 * signature, the files may just be being written: then they are read again a little later, twice at most.
 */
void roster_get(struct roster *roster);

/*
 * Forgets which list was taken last: the one that comes next, also one that is on its way, is ROSTER_NEW
 * though it may be the same.
 */
void roster_forget(struct roster *roster);

/* Returns true when the list is in files and one of them has been changed since it was read. */
bool roster_is_changed(struct roster *roster);

/*
 * Reads a copy of the list in place of the list itself, as if it had just come with ROSTER_NEW.
 * Returns NULL, or a static reason: its signature is not that of key, or it cannot be read as a list.
 */
const char *roster_restore(struct roster *roster, const struct copy *copy);

/* Returns the list that came last with ROSTER_NEW, owned by roster until it is taken or replaced. */
struct loglist *roster_list(const struct roster *roster);

/* Returns for how many ms the server wants not to be asked again (Retry-After), counted from done. */
uint64_t roster_pause(const struct roster *roster);

/* Points sig and json of copy to the bytes of that list; they are valid until the next roster_get. */
void roster_bytes(const struct roster *roster, struct copy *copy);

/*
 * Returns that list and makes it the one in use from now on. It belongs to the caller, who frees it with
 * loglist_free and free.
 */
struct loglist *roster_take(struct roster *roster);

#endif
