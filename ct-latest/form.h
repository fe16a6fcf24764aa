/* What of a record is shown, by the stream that was asked for. */
#ifndef CT_LATEST_FORM_H
#define CT_LATEST_FORM_H

#include "base/buf.h"

enum form {
	FORM_FULL,	/* events as they come on the bus */
	FORM_LITE,
	FORM_DOMAINS,
	FORM_STATUS,	/* the status records of all stages */
};

bool form_parse(const char *name, enum form *);

/* Appends what this form has of the line (given without LF), without LF. False: nothing. */
bool form_put(enum form, struct buf *out, struct span line);

/* Takes the first line off the front of lines, without its LF; false when there is none. */
bool form_next(struct span *lines, struct span *line);

#endif
