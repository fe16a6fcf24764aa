/* Several log lists as one: which logs there are when more than one list is followed. */
#ifndef CT_LOGLIST_MERGE_H
#define CT_LOGLIST_MERGE_H

#include "ct/loglist.h"

/*
 * Fills *list with every log of the n lists at lists, in their order, each log ID once. The first
 * list that has a log gives its name, operator, protocol and URLs. Its state comes from the list
 * by which it goes on longest, with all that belongs to it: state_time, use and the final head.
 * Logs that are not for tests go on longer than others, and then the order is usable, qualified,
 * readonly, pending, retired, rejected, none. The strings still belong to the lists at lists, which
 * must outlive *list; its version, timestamp and skipped are empty. The caller frees it with
 * loglist_free.
 */
void loglist_merge(struct loglist *list, const struct loglist *const *lists, size_t n);

#endif
