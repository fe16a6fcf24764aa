/*
 * Progress: lines at the end of the terminal behind standard error that show how a run gets on.
 * They are written again in their place, give way to messages, and are removed at the end.
 */
#ifndef CT_FETCH_PROGRESS_H
#define CT_FETCH_PROGRESS_H

#include "base/buf.h"

/*
 * Returns true when standard error is a terminal that can be written in place, -q was not given,
 * and standard output, whose lines would run through the others, is not a terminal.
 */
bool progress_is_wanted(void);

/*
 * Writes how many columns and lines the terminal behind standard error has to *width and *height,
 * or 80 and 24 when it does not say. Returns false, with neither written, when standard error is
 * no terminal.
 */
bool progress_size(unsigned *width, unsigned *height);

/*
 * Shows lines, with LF between them and none at the end, in place of those before. They must be
 * printable, and fewer than the terminal has. The cursor stays at the front of the first, and
 * the next message takes their place. Does nothing while the terminal takes no bytes.
 */
void progress_show(struct span lines);

/* Removes the lines, if there are any. */
void progress_clear(void);

#endif
