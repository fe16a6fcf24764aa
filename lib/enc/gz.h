/*
 * Unpacks gzip (RFC 1952): bodies of HTTP answers and saved files, which are
 * whole in memory and come from strangers.
 */
#ifndef ENC_GZ_H
#define ENC_GZ_H

#include "base/buf.h"

enum {
	MAX_GZ = 64 << 20,	/* bytes of a log's answer or a log list, unpacked: a guard against bombs */
};

/*
 * Returns true when s begins as gzip does. Some logs send tiles compressed
 * without being asked to, so the caller has to look.
 */
static inline bool
gz_is(struct span s)
{
	return s.n >= 2 && s.p[0] == 0x1f && s.p[1] == 0x8b;
}

/*
 * Appends to out what all members of in unpack to. Returns NULL, or a static
 * string that says why not, with out as it was: when in is not gzip, ends too
 * early, is damaged, has other bytes behind it, or unpacks to more than most
 * bytes.
 */
const char *gz_put_inflated(struct buf *out, struct span in, size_t most);

#endif
