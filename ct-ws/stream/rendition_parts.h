/* What the files of a rendition share, and nobody else uses. */
#ifndef CT_WS_STREAM_RENDITION_PARTS_H
#define CT_WS_STREAM_RENDITION_PARTS_H

#include "ct-ws/stream/rendition.h"

/* Returns the crowd of d that r belongs to. */
struct crowd *rendition_crowd(struct rendition *d, const struct reader *r);

/* Notes that r is blocked, and lets its owner know. */
void rendition_block(struct rendition *d, struct reader *r);

/*
 * rendition_due makes the next round serve r, whose outbox, places or replay has something to send, unless
 * r is blocked, or is still to be served in the round under way. rendition_undue takes that back.
 */
void rendition_due(struct rendition *d, struct reader *r);
void rendition_undue(struct reader *r);

/* Gives the frame that was put last to those who were hit and have not left since. */
void rendition_pick(struct rendition *d);

/* To be called once a second: makes the ring small when nobody has been behind for a minute. */
void rendition_calm(struct rendition *d);

#endif
