/*
 * FNV-1a of 64 bits: a hash that is fast for short texts and the same everywhere. Whoever chooses the text
 * can make two with the same hash; where that must not be, use enc/hash.h.
 */
#ifndef BASE_FNV_H
#define BASE_FNV_H

#include "base/span.h"

/* Returns the hash of text. */
static inline uint64_t
fnv_hash(struct span text)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < text.n; i++)
		h = (h ^ text.p[i]) * UINT64_C(0x100000001b3);
	return h;
}

#endif
