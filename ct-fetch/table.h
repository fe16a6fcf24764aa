/* The answer to --list. */
#ifndef CT_FETCH_TABLE_H
#define CT_FETCH_TABLE_H

#include "base/buf.h"
#include "ct-fetch/options.h"

/*
 * Appends a line for each log that would be followed: name, operator, type,
 * state, URL. list may be NULL. Returns how many they are.
 */
size_t table_put(struct buf *, const struct options *, const struct loglist *list);

#endif
