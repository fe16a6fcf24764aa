/* Metrics under the names of other certstream servers. Each function puts what r says into e. */
#ifndef CT_WS_SITE_METRICS_PEERS_H
#define CT_WS_SITE_METRICS_PEERS_H

#include "ct-ws/site/expo.h"
#include "ct-ws/site/report.h"

/* Puts all metrics of certstream-server-go; the label client has a number in place of an address. */
void metrics_put_go(const struct report *r, struct expo *e);

/*
 * Puts those metrics of certstream-server-rust that mean the same here, among them all that its
 * soak/measure.sh reads.
 */
void metrics_put_rust(const struct report *r, struct expo *e);

#endif
