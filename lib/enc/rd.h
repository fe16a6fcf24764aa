/*
 * A cursor over bytes in the presentation language of TLS (RFC 8446 section
 * 3), which RFC 6962 and static-ct-api structures are written in. Every call
 * moves only on success; false means that the bytes end too early.
 */
#ifndef ENC_RD_H
#define ENC_RD_H

#include "base/span.h"

struct rd {
	const uint8_t *p, *end;
};

static inline struct rd
rd_of(struct span s)
{
	return (struct rd){ s.p, s.n > 0 ? s.p + s.n : s.p };
}

static inline size_t
rd_left(const struct rd *r)
{
	return (size_t)(r->end - r->p);
}

static inline bool
rd_done(const struct rd *r)
{
	return r->p == r->end;
}

/* A big-endian number of 1 to 8 bytes. */
static inline bool
rd_uint(struct rd *r, unsigned bytes, uint64_t *v)
{
	uint64_t x = 0;

	if (rd_left(r) < bytes)
		return false;
	for (unsigned i = 0; i < bytes; i++)
		x = x << 8 | r->p[i];
	r->p += bytes;
	*v = x;
	return true;
}

static inline bool
rd_bytes(struct rd *r, size_t n, struct span *out)
{
	if (rd_left(r) < n)
		return false;
	*out = (struct span){ r->p, n };
	r->p += n;
	return true;
}

/* opaque<0..2^(8*bytes)-1>: a length of so many bytes, then the content. */
static inline bool
rd_opaque(struct rd *r, unsigned bytes, struct span *out)
{
	struct rd was = *r;
	uint64_t n;

	if (rd_uint(r, bytes, &n) && n <= rd_left(r))
		return rd_bytes(r, (size_t)n, out);
	*r = was;
	return false;
}

#endif
