/* Files of ct-log: whole files written in one go; failure ends the process. */
#ifndef LOG_FILE_H
#define LOG_FILE_H

#include "tests/log/bytes.h"

/* Writes DIR/PATH and makes the folders on the way, DIR too. */
void file_write(const char *dir, const char *path, const struct bytes *);

#endif
