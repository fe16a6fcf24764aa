/*
 * Keeps the places of all logs: reads DIR/mark at start and, every second or
 * so, writes it anew, or a mark record into the stream instead. A mark is
 * stored only when every byte before it has left standard output.
 */
#ifndef CT_FETCH_PLACES_H
#define CT_FETCH_PLACES_H

#include "ct-fetch/mark.h"

struct places;
struct log;
struct out;

/*
 * dir may be NULL: nothing is read or stored; it is made if it is not there.
 * external: marks go into the stream. Dies when a stored mark cannot be read:
 * to start from nothing then would be to lose entries silently.
 */
struct places *places_open(const char *dir, bool external);
void places_free(struct places *);

const struct mark_log *places_find(const struct places *, const uint8_t id[HASH_SHA256]);

/* The place of this log is as it is now; to be called for each before places_tick. */
void places_note(struct places *, const struct log *);

/* Once a second, and once more when the last entry has been put. */
void places_tick(struct places *, struct out *);

/* When bytes have left: stores the mark that waited for them. */
void places_store(struct places *, const struct out *);

/* Nothing is left to be stored that can be stored. */
bool places_is_done(const struct places *);
bool places_has_failed(const struct places *);	/* the last store did */

#endif
