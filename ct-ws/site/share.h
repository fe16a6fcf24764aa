/*
 * What workers tell each other, so that each can report for all of them. What each counts of its own is
 * summed up. What all of them count alike, because it comes from the bus, is not: the largest count holds,
 * so that a worker that has begun late or was asleep never makes a counter go back.
 */
#ifndef CT_WS_SITE_SHARE_H
#define CT_WS_SITE_SHARE_H

#include "ct-ws/crew/slots.h"
#include "ct-ws/site/report.h"

/* Writes what report, that of worker number `worker`, says into its slot. */
void share_write(struct slots *slots, size_t worker, const struct report *report);

/*
 * Changes report, that of one worker, and its tally, which report must point to, into those of all workers
 * in slots. The caller frees the list of report->all_logs afterwards.
 */
void share_read(const struct slots *slots, struct tally *tally, struct report *report);

#endif
