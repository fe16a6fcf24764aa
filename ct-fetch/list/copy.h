/*
 * The copy: a log list that was good, kept in a file together with its signature, for a start without
 * the network. The file is not trusted: whoever reads it checks the signature again.
 *
 * The file begins with lines of text: "ct-fetch log list 1", "from WHERE" and "signature N". An
 * empty line and the N bytes of the signature follow, and then the list up to the end of the file.
 */
#ifndef CT_FETCH_COPY_H
#define CT_FETCH_COPY_H

#include "base/buf.h"
#include "enc/hash.h"

struct copy {
	struct span sig;	/* its signature; empty for a list without one */
	struct span json;	/* the list */
	int64_t time;		/* seconds since 1970: when it was last known to be the current list */
};

/*
 * Appends to out the path of the copy of the list at where, a file or URL, in the folder dir. hash
 * is used during the call only.
 */
void copy_path(struct buf *out, const char *dir, const char *where, struct hash *hash);

/*
 * Reads the copy at path into bytes, which are appended to. Returns NULL with *copy filled, whose
 * spans are valid as long as bytes is not changed; copy_none when there is no such file; or another
 * static reason: the file cannot be read, is not one of where, or is damaged.
 */
const char *copy_read(const char *path, const char *where, struct buf *bytes, struct copy *copy);

/* What copy_read returns when there is no copy; compare addresses. */
extern const char copy_none[];

/*
 * Replaces the copy at path by one of the list at where; the time of copy is not used, it becomes
 * now. The folder of path is made if only that is missing. Returns 0, or -1 with errno set.
 */
int copy_write(const char *path, const char *where, const struct copy *copy);

/* Makes now the time of the copy at path. Returns 0, or -1 with errno set. */
int copy_touch(const char *path);

#endif
