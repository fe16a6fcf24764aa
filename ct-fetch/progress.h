/*
 * Progress: one line on the terminal behind standard error that shows how a run gets on. It is
 * written again in its place, and removed at the end.
 */
#ifndef CT_FETCH_PROGRESS_H
#define CT_FETCH_PROGRESS_H

#include "base/buf.h"

/* Returns true when standard error is a terminal and -q was not given. */
bool progress_is_wanted(void);

/*
 * Shows line, without LF, in place of the one before. The cursor stays at its front, so that
 * the next message overwrites it.
 */
void progress_show(struct span line);

/* Removes the line. */
void progress_clear(void);

#endif
