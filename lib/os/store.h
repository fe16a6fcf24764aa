/*
 * Small files that are replaced as a whole. Whoever reads such a file finds all of
 * the old bytes or all of the new ones, even after a power cut.
 */
#ifndef OS_STORE_H
#define OS_STORE_H

#include "base/buf.h"

/*
 * Makes bytes the content of the file at path. They are written to a new file, path
 * with ".tmp" behind it, which is synced and renamed to path; then the folder is
 * synced. Returns 0 when all of this has been done. Returns -1 with errno set
 * otherwise: then the file at path is as it was, unless only syncing the folder
 * failed. In that case it has the new content, which a power cut may undo.
 */
int store_write(const char *path, struct span bytes);

/*
 * Makes the folder that the file at path is in, if only that one is missing. A failure is not told:
 * store_write of the file then fails, too.
 */
void store_make_folder(const char *path);

/*
 * Appends the content of the file at path to out. Returns 0, or -1 with errno set
 * and out as it was; errno is EFBIG when the file has more than most bytes.
 */
int store_read(const char *path, size_t most, struct buf *out);

#endif
