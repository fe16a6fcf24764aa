/*
 * The newest frames of a stream, in a fixed amount of memory, for any number of
 * readers. A frame is any run of bytes; what is put last overwrites the oldest
 * frames, whole ones at a time.
 *
 * A place is a number of bytes since the ring began: the first byte ever put
 * has place 0. The ring holds the bytes from place tail up to place head. Each
 * reader keeps a place of its own, and compares it with tail before it reads
 * on: a place below tail has been overwritten.
 *
 * A frame stands for a number of records: as many as a reader misses who does
 * not see it. ring_records at two places therefore tells how many records lie
 * between them.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include "base/span.h"

struct ring_mark {
	uint64_t at;		/* place of a frame's first byte */
	uint64_t records;	/* sum over all frames before it */
};

struct ring {
	uint8_t *p;		/* owned; the byte at place k is p[k % size] */
	size_t size;		/* bytes at p */
	uint64_t tail;		/* place of the oldest frame's first byte */
	uint64_t head;		/* place behind the newest frame's last byte */
	uint64_t records;	/* sum over all frames ever put */
	struct ring_mark *marks;	/* owned; frame number i has marks[i & (room - 1)] */
	size_t room;		/* marks allocated, a power of two */
	uint64_t first, next;	/* numbers of the oldest frame and of the next to come */
};

/*
 * Makes an empty ring for size bytes, more than 0. The system gives the memory
 * as it is used. Without memory the process ends with 111.
 */
void ring_init(struct ring *, size_t size);

/* Frees the memory of the ring, which can then only be given to ring_init. */
void ring_free(struct ring *);

/* Returns what tail will be when a frame of n bytes is put next; n <= size. */
uint64_t ring_tail_after(const struct ring *, size_t n);

/*
 * Copies the count spans at parts into the ring, one behind the other, as one
 * frame of at least one byte that stands for that many records. Returns true, or
 * false with the ring as it was when the frame is larger than size.
 */
bool ring_put(struct ring *, const struct span *parts, size_t count, uint64_t records);

/*
 * Returns bytes from the place at on, which lies between tail and head: as many
 * as follow one another in memory, but no more than most. They are empty only
 * when at is head or most is 0, and valid until the next ring_put.
 */
struct span ring_get(const struct ring *, uint64_t at, size_t most);

/*
 * Returns the first place at or behind the place at, which lies between tail
 * and head, where a frame begins; head when no frame begins there.
 */
uint64_t ring_boundary(const struct ring *, uint64_t at);

/*
 * Returns how many records all frames that end at or before the place boundary
 * stand for, those already overwritten too. boundary is one that ring_boundary
 * has returned, not below tail.
 */
uint64_t ring_records(const struct ring *, uint64_t boundary);

#endif
