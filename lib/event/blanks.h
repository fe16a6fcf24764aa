/*
 * Fingerprints that are filled in later. Hashing many certificates at once takes
 * as little as half the time of hashing one after the other (enc/hash_many.h). So
 * each event is first written with a blank (zeros, with room for the digest) in
 * place of each fingerprint. This store remembers which blanks wait, and fills all
 * of them together, shortly before the events leave.
 */
#ifndef EVENT_BLANKS_H
#define EVENT_BLANKS_H

#include "event/leaf.h"

struct blanks;

/*
 * Returns an empty store, which blanks_free frees. hash stays the caller's and must outlive it.
 * When memory runs out, the process ends with 111.
 */
struct blanks *blanks_open(struct hash *hash);

/* Frees the store; NULL is allowed. Blanks that still wait keep their zeros. */
void blanks_free(struct blanks *b);

/*
 * Remembers blank, which leaf_put left in out, together with a copy of the
 * certificate der, whose digests belong there. When HASH_MANY blanks wait, all of
 * them are filled. A certificate of more than HASH_SHORT bytes (enc/hash_many.h) is
 * not kept: its blank is filled before this returns. The blanks that wait at one
 * time must all be of the same format and lie in the same out, which may only grow
 * until they are filled.
 */
void blanks_add(struct blanks *b, struct buf *out, struct leaf_blank blank, struct span der);

/*
 * Checks that out is the buffer in which the remembered blanks lie, and that it
 * has not become shorter since the last was added; else ends the process with 101.
 * Does nothing when no blank waits.
 */
void blanks_check(const struct blanks *b, const struct buf *out);

/* Fills all remembered blanks, which lie in out, and forgets them. Does nothing when none waits. */
void blanks_fill(struct blanks *b, struct buf *out);

#endif
