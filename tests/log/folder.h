/* ct-log write: one tiled log as a folder of files, for nginx or file://. */
#ifndef LOG_FOLDER_H
#define LOG_FOLDER_H

#include "tests/log/log.h"

/* Writes the log's latest head and all it covers; data tiles are not compressed. */
void folder_write(const struct log *, const char *dir);

#endif
