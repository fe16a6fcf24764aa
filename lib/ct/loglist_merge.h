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

/*
 * Lets list, which has been read, have what it has left out as it was in before, an earlier version
 * of it: a log whose entry cannot be read any more, and the state of a log of which the list has one
 * that is not known, or a last tree head that cannot be read. Placeholders are not looked for. Returns
 * how many logs that are.
 */
size_t loglist_keep(struct loglist *list, const struct loglist *before);

#endif
