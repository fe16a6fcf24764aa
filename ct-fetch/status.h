/* The status of a run, what it has done so far: as a record for programs, or a line for people. */
#ifndef CT_FETCH_STATUS_H
#define CT_FETCH_STATUS_H

#include "base/buf.h"
#include "ct-fetch/fetch.h"

struct log;

/* Appends the status record (ct-entry(5)) of fetch and its n logs to out, LF included. */
void status_put(struct buf *out, const struct fetch *fetch, struct log *const *logs, size_t n);

/*
 * Appends a line such as "5000 entries, 120/s, 3 of 4 logs live, 1 behind by 90000" to out,
 * without LF. rate is in entries a second.
 */
void status_put_line(struct buf *out, const struct fetch *fetch, struct log *const *logs,
    size_t n, double rate);

#endif
