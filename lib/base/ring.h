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
 * Each frame has a number of records, given to ring_put: how many a reader
 * misses when it skips the frame. The difference of ring_records at two places
 * is therefore the number of records that lie between them.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include "base/span.h"

struct ring_mark {
	uint64_t at;		/* place of a frame's first byte */
	uint64_t records;	/* number of records of all frames before it */
	bool starts;		/* a reader may begin here; false: only behind the frame before it */
};

struct ring {
	uint8_t *p;		/* owned; the byte at place k is p[k % size] */
	size_t size;		/* bytes at p */
	uint64_t tail;		/* place of the oldest frame's first byte */
	uint64_t head;		/* place behind the newest frame's last byte */
	uint64_t records;	/* number of records of all frames ever put */
	struct ring_mark *marks;	/* owned; frame number i has marks[i & (room - 1)] */
	size_t room;		/* marks allocated, a power of two */
	uint64_t first, next;	/* numbers of the oldest frame and of the next to come */
};

/*
 * Makes r an empty ring of size bytes, which must be more than 0. The system
 * provides the memory only as it is used. When memory runs out, the process ends
 * with exit code 111.
 */
void ring_init(struct ring *r, size_t size);

/* Frees the memory of r. Only ring_init may then be called with it. */
void ring_free(struct ring *r);

/* Returns what r->tail will be after a frame of n bytes is put next; n <= r->size. */
uint64_t ring_tail_after(const struct ring *r, size_t n);

/*
 * Puts one frame: copies the count spans at parts into r, one behind the other.
 * Together they must have at least one byte. records is the frame's number of
 * records. Returns true, or false with r unchanged when the frame is larger than
 * r->size.
 */
bool ring_put(struct ring *r, const struct span *parts, size_t count, uint64_t records);

/*
 * Puts one frame as ring_put does, with the same parameters and the same result. This frame makes
 * sense only to a reader who has read the frame before it, so ring_start never returns its place.
 */
bool ring_append(struct ring *r, const struct span *parts, size_t count, uint64_t records);

/*
 * Gives r a size of size bytes, which must be more than 0. The newest frames stay, as many as fit,
 * and so do their places. When memory runs out, the process ends with exit code 111.
 */
void ring_resize(struct ring *r, size_t size);

/*
 * Returns the place of frame number `number`, r->first <= number <= r->next; that of r->next is
 * head. Frames have consecutive numbers, so that an owner can search them.
 */
uint64_t ring_place(const struct ring *r, uint64_t number);

/*
 * Returns the bytes that begin at the place `at`, tail <= at <= head: as many as
 * lie in memory without a break, but no more than most. The span is empty only
 * when at is head or most is 0. It is valid until the next ring_put.
 */
struct span ring_get(const struct ring *r, uint64_t at, size_t most);

/*
 * Returns the place of the first frame that begins at or behind the place `at`,
 * tail <= at <= head. Returns head when no frame begins there.
 */
uint64_t ring_boundary(const struct ring *r, uint64_t at);

/*
 * Returns the place of the frame that the byte at the place `at` belongs to,
 * tail <= at < head.
 */
uint64_t ring_frame(const struct ring *r, uint64_t at);

/*
 * Returns the place of the first frame at or behind the place `at`, tail <= at <= head, at which
 * a reader may begin who has not read the frame before it. Returns head when there is none.
 */
uint64_t ring_start(const struct ring *r, uint64_t at);

/*
 * Returns the number of records of all frames ever put that end at or before the
 * place boundary, including those already overwritten. boundary must be a place
 * that ring_boundary has returned, and not below tail.
 */
uint64_t ring_records(const struct ring *r, uint64_t boundary);

#endif
