/*
 * The catalog: all log lists of a run, as one list. It gets them at the start and again about every
 * hour, files also when they change; keeps the last good one of each where the next start finds it;
 * and tells what is wrong with them, once and then about every hour with its age.
 *
 * A list that cannot be had, or has a wrong signature, leaves the one before in use. So does one that
 * would end more than half of the logs that are followed, and four at least, or has no log at all,
 * until the user asks for it with HUP or it has been there for a day. A log of which only the entry
 * is damaged in the next version of a list is followed by what the version before had.
 */
#ifndef CT_FETCH_CATALOG_H
#define CT_FETCH_CATALOG_H

#include "ct-fetch/list/choice.h"
#include "ct-fetch/list/roster.h"
#include "ct-fetch/state/newcomers.h"

/* What a catalog needs to know. */
struct catalog_ask {
	const struct roster_ask *lists;	/* used during catalog_open only; see loglist_merge for which
					   of them counts when a log is in several */
	size_t n;			/* of lists, one at least */
	const struct choice *choice;	/* which logs are followed; must outlive the catalog */
	const char *state;		/* folder of the copies; NULL: none are kept or used */
	struct newcomers *newcomers;	/* of that folder; NULL without one; must outlive the catalog */
	unsigned refresh;		/* ms between two gets of a list, on average */
	bool once;			/* the lists are got at the start only */
};

struct catalog;

/*
 * Returns a catalog, and begins to get the lists that `ask` names, first those in files. listed(cookie,
 * now, before) is called when all lists have come, and again each time one of them has changed. now is
 * all of them as one list; before is what now was before the change, where a list that was not known
 * then counts as it is now. So a log that is followed by now and not by before has been added to a list
 * since that was last got, in this run or in an earlier one; before is without newcomers too, which have
 * been added in an earlier one that was killed. Both are valid during the call only. Ends the process
 * with 111 when a list cannot be had at the start and there is no good copy of it.
 */
struct catalog *catalog_open(struct fetch *fetch, const struct catalog_ask *ask,
    void (*listed)(void *cookie, const struct loglist *now, const struct loglist *before),
    void *cookie);

/* Cancels the requests that are under way, and frees the catalog. NULL is allowed. */
void catalog_free(struct catalog *catalog);

/*
 * Sets *dated to the oldest date that a list in use bears. Sets *current to the oldest of the times at
 * which each list in use was last known to be the current one. Both are in seconds since 1970, and 0
 * where no list has such a time.
 */
void catalog_times(const struct catalog *catalog, int64_t *dated, int64_t *current);

/* Gets all lists now, because the user wants it so: whatever good list comes is taken. */
void catalog_get(struct catalog *catalog);

#endif
