/*
 * A search for the first entry of a log that was logged at some time or later, by halving. The times
 * are those in the entries, which are nearly in order. So what is found is a place where an entry of that
 * time or later stands behind an earlier one, or the first entry; there may be others. Nothing that is
 * seen is proven; it only says where to begin.
 */
#ifndef CT_FETCH_LOG_SINCE_H
#define CT_FETCH_LOG_SINCE_H

#include "ct-fetch/log/source.h"
#include "ct/head.h"

struct since;

/*
 * Begins to look for the first entry as of the time ms, in ms since 1970, among those of head, and
 * returns the search. source must outlive it. told(cookie, what, why) is called for each request that
 * has ended: what names it, and why is what went wrong, or NULL when nothing did.
 */
struct since *since_open(const struct source *source, uint64_t ms, const struct head *head,
    void (*told)(void *cookie, const char *what, const char *why), void *cookie);

/* Ends the search and its request. NULL is allowed. */
void since_free(struct since *since);

/*
 * Takes the next steps that are possible. Returns true with *index set to the entry, or to the size
 * of the head when all are earlier. Until then returns false; where only time is missing, *again
 * becomes the earlier of what it was and the loop ms to call again. now is in loop ms.
 */
bool since_turn(struct since *since, uint64_t now, uint64_t *again, uint64_t *index);

#endif
