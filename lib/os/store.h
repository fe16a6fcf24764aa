/*
 * Small files that are replaced as a whole: who reads one finds all of the old
 * bytes or all of the new, even after a power cut.
 */
#ifndef OS_STORE_H
#define OS_STORE_H

#include "base/buf.h"

/*
 * Makes bytes the content of the file at path. They go to a new file, path.tmp,
 * which is synced and renamed to path, and then the folder is synced. Returns 0,
 * or -1 with errno set and the old file untouched. Only when syncing the folder is
 * what failed does the new file stand there already; a power cut may undo it.
 */
int store_write(const char *path, struct span bytes);

/*
 * Appends the content of the file at path to out. Returns 0, or -1 with errno set
 * and out as it was; EFBIG when the file has more than most bytes.
 */
int store_read(const char *path, size_t most, struct buf *out);

#endif
