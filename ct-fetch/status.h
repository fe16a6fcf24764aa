/* The status of a run: what it has done so far, as a record for programs. */
#ifndef CT_FETCH_STATUS_H
#define CT_FETCH_STATUS_H

#include "base/buf.h"
#include "ct-fetch/fetch.h"

struct log;

/* Appends the status record (ct-entry(5)) of fetch and its n logs to out, LF included. */
void status_put(struct buf *out, const struct fetch *fetch, struct log *const *logs, size_t n);

#endif
