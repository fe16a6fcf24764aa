/*
 * Keeps the places of all logs: reads DIR/mark at start and, every second or
 * so, writes it anew, or a mark record into the stream instead. A mark is
 * stored only when every byte before it has left standard output.
 */
#ifndef CT_FETCH_KEEP_H
#define CT_FETCH_KEEP_H

#include "ct-fetch/mark.h"

struct keep;
struct log;
struct out;

/*
 * dir may be NULL: nothing is read or stored; it is made if it is not there.
 * external: marks go into the stream. Dies when a stored mark cannot be read:
 * to start from nothing then would be to lose entries silently.
 */
struct keep *keep_open(const char *dir, bool external);
void keep_free(struct keep *);

const struct mark_log *keep_find(const struct keep *, const uint8_t id[HASH_SHA256]);

/* The place of this log is as it is now; to be called for each before keep_tick. */
void keep_note(struct keep *, const struct log *);

/* Once a second, and once more when the last entry has been put. */
void keep_tick(struct keep *, struct out *);

/* When bytes have left: stores the mark that waited for them. */
void keep_store(struct keep *, const struct out *);

/* Nothing is left to be stored that can be stored. */
bool keep_is_done(const struct keep *);
bool keep_has_failed(const struct keep *);	/* the last store did */

#endif
