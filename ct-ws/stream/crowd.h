/* The readers of a rendition that are of one sort, those who are blocked in front. */
#ifndef CT_WS_STREAM_CROWD_H
#define CT_WS_STREAM_CROWD_H

#include "ct-ws/stream/reader.h"

/* All zero is empty. */
struct crowd {
	struct reader **all;	/* array owned; the first `blocked` of them are blocked */
	size_t count, blocked;
	size_t room;		/* readers there is memory for */
	uint64_t lowest;	/* no blocked reader needs the ring below this place */
};

/* Frees the array. All readers must have been removed. */
void crowd_free(struct crowd *c);

/* Adds a reader, which is not blocked, and removes one, in whatever state. */
void crowd_add(struct crowd *c, struct reader *r);
void crowd_remove(struct crowd *c, struct reader *r);

/*
 * crowd_block notes that the reader is blocked, and what of the ring it needs; crowd_unblock that
 * it is not any more. Each returns true when that is new.
 */
bool crowd_block(struct crowd *c, struct reader *r);
bool crowd_unblock(struct crowd *c, struct reader *r);

/* Returns true when a blocked reader may need ring below the place tail. */
bool crowd_needs(const struct crowd *c, uint64_t tail);

/*
 * Detaches the readers that are in a frame below the place safe of ring, so that it may be
 * overwritten up to there.
 */
void crowd_rescue(struct crowd *c, const struct ring *ring, uint64_t safe,
    struct reader_rest *rest);

#endif
