/*
 * A cursor over structures in the presentation language of TLS (RFC 8446 section
 * 3), in which RFC 6962 and static-ct-api define theirs. Each function that takes
 * something returns true, sets its last parameter and moves the cursor behind it.
 * When the bytes end too early it returns false, sets nothing and does not move.
 * Spans point into the bytes given to rd_of.
 */
#ifndef ENC_RD_H
#define ENC_RD_H

#include "base/span.h"

struct rd {
	const uint8_t *p;	/* the next byte to take */
	const uint8_t *end;	/* behind the last byte */
};

/* Returns a cursor at the front of s, which must stay where it is. */
static inline struct rd
rd_of(struct span s)
{
	return (struct rd){ s.p, s.n > 0 ? s.p + s.n : s.p };
}

/* Returns how many bytes are left. */
static inline size_t
rd_left(const struct rd *r)
{
	return (size_t)(r->end - r->p);
}

/* Returns true when no byte is left. */
static inline bool
rd_done(const struct rd *r)
{
	return r->p == r->end;
}

/* Takes a big-endian number *v that has the given number of bytes, 1 to 8. */
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

/* Takes n bytes, which *out then is. */
static inline bool
rd_bytes(struct rd *r, size_t n, struct span *out)
{
	if (rd_left(r) < n)
		return false;
	*out = (struct span){ r->p, n };
	r->p += n;
	return true;
}

/*
 * Takes an opaque<0..2^(8*bytes)-1>: a big-endian length that has the given number of bytes, 1 to
 * 8, and then as many bytes as the length says. *out becomes those, without the length.
 */
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
