/* The table that --list prints: a line for each log that would be followed. */
#ifndef CT_FETCH_TABLE_H
#define CT_FETCH_TABLE_H

#include "base/buf.h"
#include "ct-fetch/options.h"
#include "enc/hash.h"

/*
 * Appends the table to out: name, operator, type, state and URL of each log that options choose
 * from list, which may be NULL, and of each log of -u. With ids, which holds the log ID of each log
 * of -u, the log IDs stand in front of the URLs; NULL leaves them out. Returns how many lines that
 * are.
 */
size_t table_put(struct buf *out, const struct options *options, const struct loglist *list,
    const uint8_t (*ids)[HASH_SHA256]);

#endif
