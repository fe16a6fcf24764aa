/* lib/event as the comparison calls it, apart from jansson, whose names are those of enc/json.h. */
#ifndef DIFF_OURS_H
#define DIFF_OURS_H

#include "base/buf.h"

struct event_writer;

struct event_writer *ours_open(void);

/* Appends the full event of an entry's line. NULL, or why there is none. */
const char *ours_put_event(struct event_writer *, struct buf *out, struct span line);

/* Appends the line of an X.509 entry with this certificate and no chain. */
void ours_put_line(struct buf *line, struct span der);

#endif
