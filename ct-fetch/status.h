/* What a run has done so far: for programs as a record, for a person as a line. */
#ifndef CT_FETCH_STATUS_H
#define CT_FETCH_STATUS_H

#include "base/buf.h"
#include "ct-fetch/fetch.h"

struct log;

/* Appends the status record of this stage, LF included. */
void status_put(struct buf *, const struct fetch *, struct log *const *logs, size_t n);

/*
 * Appends "ENTRIES entries, RATE/s, LIVE live, BEHIND behind by LAG": a log is
 * behind while more is owed than a page or two.
 */
void status_put_line(struct buf *, const struct fetch *, struct log *const *logs, size_t n,
    double rate);

#endif
