/* The hub's own status record, and its answers to questions that the bus does not know. */
#ifndef CT_HUB_HUB_STATUS_H
#define CT_HUB_HUB_STATUS_H

#include "ct-hub/hub.h"

/* Appends the hub's own status record to out, with its LF. */
void hub_status_write(const struct hub *h, struct buf *out);

/*
 * Appends to answer what is to be answered to question: the function question of struct
 * publisher_calls. hub is the struct hub. Returns true, or false when there is no answer.
 */
bool hub_status_answer(void *hub, struct span question, struct buf *answer);

#endif
