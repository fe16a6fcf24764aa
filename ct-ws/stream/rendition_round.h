/*
 * How a rendition sends its ring to its readers: in rounds, which may be made in parts, so that one sending
 * to very many readers does not keep everything else waiting.
 */
#ifndef CT_WS_STREAM_RENDITION_ROUND_H
#define CT_WS_STREAM_RENDITION_ROUND_H

#include "ct-ws/stream/rendition.h"

/* Returns true while there may be something that a reader who is not blocked has not been sent. */
bool rendition_has_news(const struct rendition *d);

/* Returns the most readers that a round may have to give a turn, if it begins now. */
size_t rendition_ready(const struct rendition *d);

/*
 * rendition_begin begins a round, also when another one is not over: all readers without a filter who are
 * not blocked, and all who have been listed by rendition_due, are sent what there is when their turn comes.
 * rendition_go_on gives turns to *most readers at most, and takes their number from *most. It returns true
 * when the round is over, or none is under way. In between frames may be put, and readers may come and go.
 */
void rendition_begin(struct rendition *d);
bool rendition_go_on(struct rendition *d, size_t *most);

/* Sends what there is to all readers who are not blocked, in one whole round. */
void rendition_flush(struct rendition *d);

/*
 * Sends what waits for one reader, when its socket takes bytes again or reader_put has given it
 * frames.
 */
void rendition_serve(struct reader *r);

#endif
