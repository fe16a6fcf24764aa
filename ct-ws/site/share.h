/*
 * What workers tell each other of themselves, so that each can report for all: its own counters are
 * summed up, and of what all of them count alike, which is what comes from the bus, the largest count
 * is taken. A worker that has begun late, or was asleep, so never makes a counter go back.
 */
#ifndef CT_WS_SITE_SHARE_H
#define CT_WS_SITE_SHARE_H

#include "ct-ws/crew/slots.h"
#include "ct-ws/site/report.h"

/* Puts what the report of this worker says into its slot. */
void share_write(struct slots *slots, size_t worker, const struct report *report);

/*
 * Makes a report of all workers out of that of one, and of its tally, which must be the one that report
 * points to. The list of report->all_logs is to be freed afterwards.
 */
void share_read(const struct slots *slots, struct tally *tally, struct report *report);

#endif
