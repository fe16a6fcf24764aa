/*
 * certstream events: writing them (ct-parse) and cutting the smaller forms
 * out of the full one (ct-ws, ct-latest). ct-event(5) is the contract.
 */
#ifndef CT_EVENT_H
#define CT_EVENT_H

#include "base/buf.h"

/*
 * full is one certificate_update without its LF, in format go or calidog.
 * Appends to out the lite form: the same bytes without "chain" in data and
 * without "as_der" in data.leaf_cert. A lite event comes out as it is. False,
 * with nothing appended, when full is not such an event.
 */
bool event_put_lite(struct buf *out, struct span full);

/* Likewise {"data":[...all_domains...],"message_type":"dns_entries"}. */
bool event_put_domains(struct buf *out, struct span full);

#endif
