/* Questions to the hub, which ct-bus(5) describes, and their answers. */
#ifndef CT_HUB_HUB_ANSWER_H
#define CT_HUB_HUB_ANSWER_H

#include "ct-hub/hub.h"

/*
 * Answers question, which bus_hub_question has returned. One that is not known is answered too, by
 * an error record.
 */
void hub_answer(struct hub *, struct span question);

/* Appends the hub's own status record to out, with its LF. */
void hub_answer_status(const struct hub *, struct buf *out);

#endif
