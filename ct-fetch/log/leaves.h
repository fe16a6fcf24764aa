/*
 * Leaves: the entries of one page on their way to leaf hashes. They are hashed many at a time, which
 * is several times as fast as one by one (enc/hash_many.h).
 */
#ifndef CT_FETCH_LOG_LEAVES_H
#define CT_FETCH_LOG_LEAVES_H

#include "base/buf.h"
#include "ct/tree_row.h"

struct leaves {
	struct hash_many *many;
	struct buf *text;		/* the leaves that wait, one behind the other */
	size_t begin[HASH_MANY];	/* where each begins in text */
	unsigned n;			/* how many those are */
	uint8_t (*out)[TREE_HASH];	/* where their hashes go */
};

/*
 * Prepares leaves; their hashes are written to out, in the order in which they are begun. many and
 * text must outlive it, and text be used for nothing else meanwhile.
 */
void leaves_init(struct leaves *leaves, struct hash_many *many, struct buf *text,
    uint8_t (*out)[TREE_HASH]);

/*
 * Begins a leaf. The caller appends its leaf_input to the buffer that is returned, and nothing else,
 * before it begins the next one.
 */
struct buf *leaves_begin(struct leaves *leaves);

/* Takes back the leaf that was begun last. */
void leaves_undo(struct leaves *leaves);

/* Hashes the leaves that wait. To be called when the last one is complete. */
void leaves_finish(struct leaves *leaves);

#endif
