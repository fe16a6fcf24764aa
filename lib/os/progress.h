/*
 * Progress: lines at the end of a terminal that show how something gets on. They are written again
 * in their place, give way to messages, and at the end are removed, or left where they are.
 */
#ifndef OS_PROGRESS_H
#define OS_PROGRESS_H

#include "base/buf.h"

/* Returns true when fd is a terminal on which lines can be written in place. */
bool progress_is_possible(int fd);

/*
 * Writes how many columns and lines the terminal behind fd has to *width and *height, or 80 and 24
 * when it does not say. Returns true, or false with neither set when fd is not a terminal.
 */
bool progress_size(int fd, unsigned *width, unsigned *height);

/*
 * Shows lines, with LF between them and none at the end, in place of those before. They must be
 * printable, and fewer than the terminal behind fd has. The cursor stays at the front of the first,
 * and the next message on standard error takes their place. Does nothing while the terminal takes
 * no bytes.
 */
void progress_show(int fd, struct span lines);

/* Removes the lines from the terminal behind fd, if there are any. */
void progress_clear(int fd);

/* Shows lines as progress_show does, for the last time: the cursor then is at the front of the line below. */
void progress_leave(int fd, struct span lines);

#endif
