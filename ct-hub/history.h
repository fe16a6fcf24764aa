/*
 * The newest lines that the hub has published, whatever their kind, for those who ask what they
 * have missed. They lie one behind the other in a ring of a fixed size, so the number of the
 * oldest is enough to number them all.
 */
#ifndef CT_HUB_HISTORY_H
#define CT_HUB_HISTORY_H

#include "base/buf.h"

/* Where a line in the ring begins. Places count the bytes ever put, the first is 0. */
struct history_mark {
	uint64_t at;	/* place of the line */
	uint64_t seq;	/* its number */
};

struct history {
	uint8_t *p;		/* owned; the byte at the place k is p[k % size] */
	size_t size;		/* bytes at p; 0: nothing is kept */
	uint64_t tail, head;	/* place of the oldest byte, and behind the newest */
	uint64_t first, next;	/* number of the oldest line, and of the one to come */
	struct history_mark *marks;	/* owned; the first lines put in a block of the ring, by block */
};

/*
 * Prepares to keep so many bytes of lines, where the first line to come has the number 1. The
 * system provides the memory only as it is used. When memory runs out, the process ends with 111.
 */
void history_init(struct history *, size_t bytes);

/* Frees the lines. */
void history_free(struct history *);

/*
 * Keeps a copy of lines, which are the next `count` ones, each with its LF, and drops the oldest
 * beyond the size. A line that is larger than the size is not kept, and none before it.
 */
void history_put(struct history *, struct span lines, uint64_t count);

/*
 * Returns the number of the first line that is kept from number seq on; that of the next line to
 * come when there is none.
 */
uint64_t history_first(const struct history *, uint64_t seq);

/*
 * Appends to out the lines from number seq on, which history_first has returned: as many whole
 * ones as fit into most bytes, but at least one if there is one.
 */
void history_get(const struct history *, uint64_t seq, size_t most, struct buf *out);

#endif
