/*
 * gzip of RFC 1952, read only: HTTP bodies and saved files, which are whole
 * in memory and come from strangers.
 */
#ifndef ENC_GZ_H
#define ENC_GZ_H

#include "base/buf.h"

enum {
	MAX_GZ = 64 << 20,	/* a cap that suits bodies of logs and log lists: a guard against bombs */
};

/* The bytes start like gzip: static-CT tiles may come compressed unasked. */
static inline bool
gz_is(struct span s)
{
	return s.n >= 2 && s.p[0] == 0x1f && s.p[1] == 0x8b;
}

/*
 * Appends the content of all members of in. At most `most` bytes come out;
 * more, a cut or damaged stream and bytes behind it give a static reason
 * string, and out is as it was. NULL is fine.
 */
const char *gz_put_inflated(struct buf *out, struct span in, size_t most);

#endif
