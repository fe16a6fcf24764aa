/* What ct-log write does: one tiled log as a folder of files, to be read by file:// or served by nginx. */
#ifndef LOG_FOLDER_H
#define LOG_FOLDER_H

#include "tests/log/log.h"

/* Writes the log's latest head and all entries below it to the folder dir. Data tiles are not compressed. */
void folder_write(const struct log *l, const char *dir);

#endif
