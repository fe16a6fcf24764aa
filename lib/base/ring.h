/*
 * A bounded log of frames in memory, for any number of readers who each keep
 * their own place in it. A place is an absolute offset: the first byte ever
 * put is 0, and it only grows. The ring holds the bytes [tail, head), always
 * whole frames; to put one it drops as many of the oldest as it must.
 *
 * A frame counts for a number of records: those that a reader misses who
 * never sees it (0 for a keep-alive). The difference of two ring_records is
 * therefore exactly what lies between two places, also when the frames
 * themselves are gone.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include "base/span.h"

struct ring_mark {
	uint64_t at;		/* place of a frame's first byte */
	uint64_t records;	/* of all frames before it */
};

struct ring {
	uint8_t *p;		/* owned; byte k is kept at p[k % size] */
	size_t size;
	uint64_t tail;		/* first byte of the oldest frame */
	uint64_t head;		/* one behind the newest */
	uint64_t records;	/* of all frames ever put */
	struct ring_mark *marks;	/* owned; frame i has marks[i & (room - 1)] */
	size_t room;		/* a power of two */
	uint64_t first, next;	/* numbers of the oldest frame and of the next to come */
};

/* size > 0. The memory is not touched before it is used; out of memory dies. */
void ring_init(struct ring *, size_t size);
void ring_free(struct ring *);

/* What tail will be after n more bytes are put as one frame; n <= size. */
uint64_t ring_tail_after(const struct ring *, size_t n);

/* Puts the parts as one frame, not empty. False, with nothing done, when it is larger than size. */
bool ring_put(struct ring *, const struct span *parts, size_t count, uint64_t records);

/*
 * Up to most bytes from a place in [tail, head] on, as far as they lie in one
 * piece: empty only at head. Valid until the next ring_put.
 */
struct span ring_get(const struct ring *, uint64_t at, size_t most);

/*
 * The end of the frame that a place in [tail, head] lies inside of, or the
 * place itself when a frame starts there or it is head.
 */
uint64_t ring_boundary(const struct ring *, uint64_t at);

/* Records of all frames before a boundary in [tail, head]. */
uint64_t ring_records(const struct ring *, uint64_t boundary);

#endif
