/*
 * Fingerprints that are filled in later. Digests of many certificates at once
 * cost as little as half (enc/hash_many.h), so events are written with blanks for
 * them, and these are filled together, shortly before the events leave.
 */
#ifndef EVENT_BLANKS_H
#define EVENT_BLANKS_H

#include "event/leaf.h"

struct blanks;

/* The struct hash stays the caller's, and must outlive it. */
struct blanks *blanks_open(struct hash *);
void blanks_free(struct blanks *);

/*
 * Remembers a blank of out that is of this certificate, which is copied unless
 * it is long; fills it now, and all others, when no more can be remembered. All
 * are of one format and one out, which may only grow up to blanks_fill.
 */
void blanks_add(struct blanks *, struct buf *out, struct leaf_blank, struct span der);

/* Ends the process when out cannot be what was remembered. For callers that are about to add to it. */
void blanks_check(const struct blanks *, const struct buf *out);

/* Fills all that were remembered of out. */
void blanks_fill(struct blanks *, struct buf *out);

#endif
