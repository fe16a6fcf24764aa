/* Small files that must be whole: either the old bytes or the new, also after a power cut. */
#ifndef OS_STORE_H
#define OS_STORE_H

#include "base/buf.h"

/*
 * Replaces the file: writes path.tmp beside it, fsync, rename, fsync of the
 * folder. 0, or -1 with errno and the old file untouched (or, where only the
 * folder's fsync failed, the new one whole but perhaps not durable).
 */
int store_write(const char *path, struct span bytes);

/* Appends the whole file to out, at most most bytes. 0, or -1 with errno (EFBIG). */
int store_read(const char *path, size_t most, struct buf *out);

#endif
