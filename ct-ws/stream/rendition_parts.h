/* What the files of a rendition share, and nobody else uses. */
#ifndef CT_WS_STREAM_RENDITION_PARTS_H
#define CT_WS_STREAM_RENDITION_PARTS_H

#include "ct-ws/stream/rendition.h"

/* Makes the next flush serve r, whose outbox, places or replay has something to send, unless r is blocked. */
void rendition_due(struct rendition *d, struct reader *r);

/* Gives the frame that was put last to those who were hit and have not left since. */
void rendition_pick(struct rendition *d);

/* To be called once a second: makes the ring small when nobody has been behind for a minute. */
void rendition_calm(struct rendition *d);

#endif
