/* The hub's own status record, and its answers to questions that the bus does not know. */
#ifndef CT_HUB_HUB_STATUS_H
#define CT_HUB_HUB_STATUS_H

#include "ct-hub/hub.h"

/* Appends the hub's own status record to out, with its LF. */
void hub_status_write(const struct hub *h, struct buf *out);

/* Answers a question: see calls->question in bus/publisher.h. cookie is the hub. */
bool hub_status_answer(void *hub, struct span question, struct buf *answer);

#endif
