/*
 * One WebSocket client as a reader of a stream's ring: a place in it, and an
 * outbox for what is its own. Attached, it is sent the ring's bytes straight
 * from the ring. Detached, it holds no place: the rest of the frame it was in
 * lies copied in its outbox, and when that is gone it goes on where it left,
 * or at the oldest frame there is if that one is gone; what it missed in
 * between is counted and told to it by {"message_type":"skipped","count":N}.
 */
#ifndef CT_WS_READER_H
#define CT_WS_READER_H

#include "base/ring.h"
#include "ct-ws/outbox.h"

enum { MAX_READER_TURN = 1 << 20 };	/* bytes of the ring in a turn: the others wait so long */

struct reader {
	int fd;			/* a socket that does not block */
	void *owner;		/* whoever embeds it; this and number stay over reader_init */
	uint64_t number;	/* of the connection, for people */
	bool blocked;		/* stream's own: waits to be writable */
	bool detached;
	bool ending;		/* nothing of the ring follows the outbox */
	size_t slot;		/* stream's own */
	uint64_t at;		/* next byte of the ring; detached: the frame to go on at */
	uint64_t records;	/* detached: ring_records of at */
	uint64_t sent;		/* bytes the socket took, ever */
	uint64_t skipped;	/* records, ever */
	struct outbox out;
};

enum reader_got {
	READER_DONE,	/* all it was owed is sent */
	READER_BLOCKED,	/* more when the socket is writable */
	READER_ENDED,	/* ending, and the outbox is empty */
	READER_GONE,	/* errno */
};

/* Starts at the next frame to come. */
void reader_init(struct reader *, int fd, const struct ring *);
void reader_free(struct reader *);

/* Must be done to every attached reader before its place is overwritten. */
void reader_detach(struct reader *, const struct ring *);

/* One or more whole frames for this reader alone, sent as soon as the frame begun is out. */
void reader_put(struct reader *, const struct ring *, struct span frames);

/* The same as the last that is sent. */
void reader_end(struct reader *, const struct ring *, struct span frames);

/* Sends what it is owed, as much as the socket takes and a turn allows. */
enum reader_got reader_send(struct reader *, const struct ring *);

#endif
