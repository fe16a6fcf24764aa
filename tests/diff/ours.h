/*
 * Calls lib/event for the comparison. This needs a file of its own, because jansson's functions have names
 * that enc/json.h has too.
 */
#ifndef DIFF_OURS_H
#define DIFF_OURS_H

#include "base/buf.h"

struct event_writer;

/* Makes the writer of full events in format go; it is never NULL. */
struct event_writer *ours_open(void);

/* Appends to out the event of the entry in line. Returns NULL, or a static string that says why not. */
const char *ours_put_event(struct event_writer *, struct buf *out, struct span line);

/* Appends to line an entry record for the certificate der, with no chain. */
void ours_put_line(struct buf *line, struct span der);

#endif
