/*
 * Unpacks gzip (RFC 1952): bodies of HTTP answers, and saved files. They are whole
 * in memory, and they are not trusted.
 */
#ifndef ENC_GZ_H
#define ENC_GZ_H

#include "base/buf.h"

enum {
	MAX_GZ = 64 << 20,	/* bytes of a log's answer or a log list, unpacked: bounds memory */
};

/*
 * Returns true when s begins with the two bytes that mark gzip. Some logs send
 * tiles compressed without being asked to, so the caller has to look.
 */
static inline bool
gz_is(struct span s)
{
	return s.n >= 2 && s.p[0] == 0x1f && s.p[1] == 0x8b;
}

/*
 * Unpacks all gzip members of in and appends their contents to out. Returns NULL,
 * or a static reason with out unchanged when in is not gzip, ends too early, is
 * damaged, has other bytes behind its last member, or unpacks to more than `most`
 * bytes.
 */
const char *gz_put_inflated(struct buf *out, struct span in, size_t most);

#endif
