/*
 * Finds which of many texts in a buffer repeat an earlier one, byte for byte. It
 * takes time n log n whatever the texts are, so that a certificate made of
 * thousands of names costs no more than its size.
 */
#ifndef EVENT_DISTINCT_H
#define EVENT_DISTINCT_H

#include "base/span.h"

enum { MAX_DISTINCT = 65536 };	/* texts of one certificate: bounds the memory to 2 MiB */

/* Where a text lies in the buffer. */
struct distinct_text {
	size_t from, n;		/* offset and length in bytes */
	size_t place;		/* how many texts were added before it */
	bool again;		/* distinct_find has found the same bytes before it */
};

/* The texts of one certificate. All zero, it has none. It is used again for the next one. */
struct distinct {
	struct distinct_text *text;	/* owned; in the order in which the texts were added */
	size_t count, room;		/* texts there are, and texts there is memory for */
};

/* Frees the memory of the texts, and leaves the struct all zero. */
void distinct_free(struct distinct *d);

/* Forgets all texts and keeps their memory. */
void distinct_reset(struct distinct *d);

/*
 * Adds the text of n bytes at offset from of the buffer. When MAX_DISTINCT texts
 * have been added already, this one is ignored and will not be compared.
 */
void distinct_add(struct distinct *d, size_t from, size_t n);

/*
 * Compares all texts, whose offsets count from base, and sets the member again of
 * each to whether a text that was added before it has the same bytes. The order of
 * the texts does not change.
 */
void distinct_find(struct distinct *d, const uint8_t *base);

#endif
