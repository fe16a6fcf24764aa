/*
 * One WebSocket client as a reader of the ring of a stream: a place in the
 * ring, and an outbox for bytes that go to this client alone.
 *
 * An attached reader is sent the bytes of the ring straight from the ring.
 * Before the ring overwrites its place, the reader is detached: the rest of
 * the frame it was in is copied to its outbox. When that has been sent, it is
 * attached again where it left, or at the oldest frame there is when its own
 * is gone. The records it missed in between are counted, and a record
 * {"message_type":"skipped","count":N} tells the client.
 */
#ifndef CT_WS_STREAM_READER_H
#define CT_WS_STREAM_READER_H

#include "base/ring.h"
#include "ct-ws/net/outbox.h"

enum { MAX_READER_TURN = 1 << 20 };	/* bytes of the ring sent in one call, since others wait */

struct reader {
	int fd;			/* a socket that does not block */
	void *owner;		/* the connection it belongs to; kept by reader_init */
	uint64_t number;	/* of the connection, for people; kept by reader_init */
	bool blocked;		/* for stream.c: it waits for room in the socket */
	bool detached;
	bool ending;		/* what is in the outbox is the last: nothing of the ring follows */
	size_t slot;		/* for stream.c: its index among the readers */
	uint64_t at;		/* next byte of the ring; of a detached reader, the frame to go on at */
	uint64_t records;	/* of a detached reader: ring_records of at */
	uint64_t sent;		/* bytes that the socket took, ever */
	uint64_t skipped;	/* records missed, ever */
	struct outbox out;
};

/* What reader_send has come to. */
enum reader_got {
	READER_DONE,	/* everything there is has been sent */
	READER_BLOCKED,	/* the socket takes no more, or the turn is over; go on when it is writable */
	READER_ENDED,	/* everything up to the frames of reader_end has been sent */
	READER_GONE,	/* the connection is broken; errno says how */
};

/*
 * Prepares a reader, attached, that is sent the frames of ring from the next one on, to the
 * socket fd.
 */
void reader_init(struct reader *, int fd, const struct ring *ring);

/* Drops what waits in the outbox. Does not close the socket. */
void reader_free(struct reader *);

/*
 * Detaches the reader, or leaves it alone when it is detached. Must be called
 * before ring overwrites its place.
 */
void reader_detach(struct reader *, const struct ring *ring);

/*
 * Puts frames, one or more whole ones for this client alone, behind the frame
 * that is being sent. Does nothing after reader_end. reader_send sends them.
 */
void reader_put(struct reader *, const struct ring *ring, struct span frames);

/* Puts frames like reader_put, and makes them the last that this client is sent. */
void reader_end(struct reader *, const struct ring *ring, struct span frames);

/* Sends what waits in the outbox and then in ring. Returns what it has come to. */
enum reader_got reader_send(struct reader *, const struct ring *ring);

#endif
