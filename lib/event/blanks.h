/*
 * Fingerprints that are filled in later. Hashing many certificates at once takes
 * as little as half the time of hashing one after the other (enc/hash_many.h), so
 * events are written with blanks in place of their fingerprints, and the blanks of
 * many events are filled together, shortly before the events leave.
 */
#ifndef EVENT_BLANKS_H
#define EVENT_BLANKS_H

#include "event/leaf.h"

struct blanks;

/* Makes an empty store. hash stays the caller's and must outlive it. */
struct blanks *blanks_open(struct hash *hash);

/* Frees the store; NULL is allowed. Blanks that were not filled stay blank. */
void blanks_free(struct blanks *);

/*
 * Remembers that blank, which leaf_put left in out, is for the digests of der. The
 * certificate is copied, or if it is long its blank is filled at once. When the
 * store is full, all blanks in it are filled. All blanks must be of one format and
 * in one out, which may only grow until blanks_fill.
 */
void blanks_add(struct blanks *, struct buf *out, struct leaf_blank blank, struct span der);

/*
 * Checks, before a caller adds to out, that the remembered blanks can lie in it.
 * Ends the process when they lie in another buffer, or out has become shorter.
 */
void blanks_check(const struct blanks *, const struct buf *out);

/* Fills all remembered blanks, which lie in out, and forgets them. */
void blanks_fill(struct blanks *, struct buf *out);

#endif
