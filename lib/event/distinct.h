/*
 * Finds which of many texts in a buffer repeat an earlier one, byte for byte. It
 * takes time n log n whatever the texts are, so that a certificate made of
 * thousands of names costs no more than its size.
 */
#ifndef EVENT_DISTINCT_H
#define EVENT_DISTINCT_H

#include "base/span.h"

enum { MAX_DISTINCT = 65536 };	/* texts that are compared: bounds the memory to 2.5 MiB */

/* Where a text lies in the buffer. */
struct distinct_text {
	size_t from, n;		/* offset and length in bytes */
	size_t place;		/* how many texts were added before it */
	bool again;		/* distinct_find found the same text at an earlier place */
};

/* All zero is empty. It is reused for one certificate after the other and keeps its memory. */
struct distinct {
	struct distinct_text *text;	/* owned */
	size_t count, room;
};

void distinct_free(struct distinct *);

/* Forgets all texts. */
void distinct_reset(struct distinct *);

/* Adds the text of n bytes at offset from; one beyond MAX_DISTINCT is ignored. */
void distinct_add(struct distinct *, size_t from, size_t n);

/*
 * Compares all texts, which lie in the buffer at base, and sets again in each
 * that is the same as one added before it. The texts are then in the order in
 * which they were added.
 */
void distinct_find(struct distinct *, const uint8_t *base);

#endif
