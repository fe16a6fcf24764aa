/*
 * Metrics of what the stream says: status records of the tools, and the logs and hosts in them. Each
 * function puts what r says into e.
 */
#ifndef CT_WS_SITE_METRICS_LOGS_H
#define CT_WS_SITE_METRICS_LOGS_H

#include "ct-ws/site/expo.h"
#include "ct-ws/site/report.h"

/* Puts how old the status record of each tool is, and the numbers in it. */
void metrics_put_stages(const struct report *r, struct expo *e);

/* Puts what is known of each log, by its name and URL. */
void metrics_put_logs(const struct report *r, struct expo *e);

/* Puts what is known of each host. */
void metrics_put_hosts(const struct report *r, struct expo *e);

#endif
