/*
 * Which of the dNSNames of a certificate repeat an earlier one, byte for byte,
 * in time n log n whatever the names are.
 */
#ifndef EVENT_DISTINCT_H
#define EVENT_DISTINCT_H

#include "enc/der.h"

enum { MAX_DISTINCT = 65536 };	/* names that are compared: bounds the memory to 2 MiB */

struct distinct_name;

/* Zero to begin with; it is reused for one after the other and keeps its memory. */
struct distinct {
	struct distinct_name *name;	/* owned */
	bool *again;			/* owned: by place among the dNSNames */
	size_t count, room;
};

void distinct_free(struct distinct *);

/* Forgets all; then the dNSNames of one walk of san_open after the other; then compares them. */
void distinct_reset(struct distinct *);
void distinct_add(struct distinct *, struct der names);
void distinct_find(struct distinct *);

/* The dNSName of that place, from 0, was there before. False beyond MAX_DISTINCT. */
bool distinct_is_again(const struct distinct *, size_t place);

#endif
