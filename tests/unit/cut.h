/* Hostile input: what was cut off somewhere. */
#ifndef CUT_H
#define CUT_H

#include <stdlib.h>

#include "base/span.h"

/*
 * Calls take with every proper prefix of whole, each in memory of exactly its
 * size, so that a sanitizer sees a read behind the end.
 */
static inline void
cut_each(struct span whole, void (*take)(struct span cut))
{
	for (size_t n = 0; n < whole.n; n++) {
		uint8_t *copy = malloc(n > 0 ? n : 1);

		if (copy == NULL)
			abort();
		if (n > 0)
			memcpy(copy, whole.p, n);
		take(span_of(copy, n));
		free(copy);
	}
}

#endif
