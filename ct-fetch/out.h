/*
 * Standard output: records go into one bounded buffer and leave as the reader
 * takes them. A pipe or socket is written without blocking, so that the loop
 * goes on; a file or a terminal is written at once.
 */
#ifndef CT_FETCH_OUT_H
#define CT_FETCH_OUT_H

#include "base/buf.h"
#include "os/loop.h"

struct out;

/*
 * moved is called when bytes have left after out_has_room was false, or for
 * the last time when the reader is gone. Dies when fd cannot be used.
 */
struct out *out_open(struct loop *, int fd, void (*moved)(void *cookie), void *cookie);
void out_free(struct out *);	/* leaves fd as it was found; what waits is lost */

/* Less than the high-water mark waits. Whoever puts a record asks before. */
bool out_has_room(const struct out *);

/* Records are appended here, whole, and then handed over by out_send. */
struct buf *out_buf(struct out *);
void out_send(struct out *);

bool out_is_gone(const struct out *);	/* the reader closed its end */
bool out_is_empty(const struct out *);	/* nothing waits */

/* Bytes put so far and bytes that have left, counted from the start. */
uint64_t out_put(const struct out *);
uint64_t out_left(const struct out *);

#endif
