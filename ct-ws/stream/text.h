/* The text that clients get for an event, in each of the three forms. */
#ifndef CT_WS_STREAM_TEXT_H
#define CT_WS_STREAM_TEXT_H

#include "base/buf.h"
#include "event/form.h"

/*
 * Returns the label of this form in metrics, as certstream-server-go has it, a static text: "full",
 * "lite" or "domain".
 */
const char *text_form_name(enum form form);

/*
 * Makes the text of the event line in this form. Returns true with *text set, which is line itself or lies
 * in made, whose former content is dropped. Returns false when line cannot be brought into this form.
 */
bool text_make(enum form form, struct span line, struct buf *made, struct span *text);

/*
 * Returns true when a text of this form ends with an LF on a WebSocket, as those of
 * certstream-server-go do.
 */
bool text_has_lf(enum form form);

#endif
