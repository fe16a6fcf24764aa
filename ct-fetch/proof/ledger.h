/*
 * The ledger: records that say which entries of a log have been proven, and which are owed
 * (ct-entry(5)). They stand in the stream behind the entries that they speak of.
 */
#ifndef CT_FETCH_PROOF_LEDGER_H
#define CT_FETCH_PROOF_LEDGER_H

#include "base/buf.h"
#include "ct/head.h"

struct source;

/*
 * Appends to out a head record of the log that source describes: head has been signed by it, and next is
 * the index of the entry that goes out next. verified says whether the entries before next have been
 * proven under head.
 */
void ledger_put_head(struct buf *out, const struct source *source, const struct head *head,
    uint64_t next, bool verified);

/*
 * Appends to out a gap record of the log that source describes: the entries from (inclusive) to `to`
 * (exclusive) are owed, and reason says why; or, when closed is true, they have gone out now.
 */
void ledger_put_gap(struct buf *out, const struct source *source, uint64_t from, uint64_t to,
    const char *reason, bool closed);

#endif
