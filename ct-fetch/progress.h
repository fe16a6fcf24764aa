/* The live line on a terminal: rewritten in place, gone when it is over. */
#ifndef CT_FETCH_PROGRESS_H
#define CT_FETCH_PROGRESS_H

#include "base/buf.h"

/* True where such a line belongs: stderr is a terminal and -q was not given. */
bool progress_is_wanted(void);

/* The cursor stays at the front, so that what is told next overwrites the line. */
void progress_show(struct span line);
void progress_clear(void);

#endif
