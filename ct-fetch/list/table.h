/* The table that --list prints: a line for each log that would be followed. */
#ifndef CT_FETCH_TABLE_H
#define CT_FETCH_TABLE_H

#include "base/buf.h"
#include "ct-fetch/options.h"

/*
 * Appends the table to out: name, operator, type, state and URL of each log that options choose
 * from list, which may be NULL, and of each log of -u. Returns how many lines that are.
 */
size_t table_put(struct buf *out, const struct options *options, const struct loglist *list);

#endif
