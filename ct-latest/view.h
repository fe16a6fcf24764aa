/*
 * What ct-latest shows: either events, in one of their forms, or the status
 * records of all tools. The option --stream chooses.
 */
#ifndef CT_LATEST_VIEW_H
#define CT_LATEST_VIEW_H

#include "base/buf.h"
#include "event/form.h"

/* All zero shows events in the form full. */
struct view {
	bool status;	/* shows status records, and form does not matter */
	enum form form;	/* of the events */
};

/*
 * Reads the argument of --stream: "full", "lite", "domains" or "status". Returns true with *view
 * set, or false for any other name.
 */
bool view_parse(const char *name, struct view *view);

/*
 * Appends to out what view shows of one record; line has no LF, and none is appended. Returns
 * false, with nothing appended, when view shows nothing of this record.
 */
bool view_put(struct view view, struct buf *out, struct span line);

#endif
