/* Input that is cut off at some byte. */
#ifndef CUT_H
#define CUT_H

#include <stdlib.h>

#include "base/span.h"

/*
 * Calls take with the first 0, 1, 2 and so on bytes of whole, but not with all of
 * them. Each copy lies in memory of exactly its size, so that a sanitizer notices a
 * read behind its end.
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
