/* What ct-ws does at the moment, as JSON for people and scripts: the answer of /stats. */
#ifndef CT_WS_SITE_STATS_H
#define CT_WS_SITE_STATS_H

#include "ct-ws/site/report.h"

/*
 * Appends to out one JSON object and LF, which ct-ws(1) describes. The members
 * processed_certificates and workers are those of CaliDog's server. No address and no header of a
 * client is in it, as CaliDog's has.
 */
void stats_put(const struct report *r, struct buf *out);

#endif
