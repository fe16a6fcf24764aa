/* Writes whole files. When that fails, the process ends with 111. */
#ifndef LOG_FILE_H
#define LOG_FILE_H

#include "tests/log/bytes.h"

/* Writes the bytes b to the file dir/path. Makes dir and the folders in path where they are missing. */
void file_write(const char *dir, const char *path, const struct bytes *b);

#endif
