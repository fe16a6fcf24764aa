/*
 * Ending a filter that reads and writes with plain blocking calls. TERM or INT
 * asks it to end; it then has two seconds to write what is in hand. A second
 * signal, or the two seconds, end it at once; the exit code is 0 either way.
 */
#ifndef CT_PARSE_STOP_H
#define CT_PARSE_STOP_H

#include <stdbool.h>

/* Installs the handlers, and ignores PIPE. Call once. */
void stop_init(void);

/* A signal has come. */
bool stop_asked(void);

/* Waits until fd can be read; false when a signal came first or meanwhile. */
bool stop_wait(int fd);

#endif
