/*
 * One client as a reader of a rendition's ring: where it stands in the ring, and an outbox for
 * bytes that go to this client alone. A reader without a filter is sent all frames and stands at
 * one place. A reader with a filter has a list of the places of the frames it is to be sent.
 *
 * A reader is sent the bytes of the ring straight from the ring. Before the ring overwrites a
 * frame of which some bytes have been sent, the reader is detached: it gets the rest of that frame
 * in its outbox, as a body that is shared by all who are in the same frame. Then it goes on
 * where it left, or at the oldest frame there is when its own is gone. The records it has missed
 * are counted, and a record {"message_type":"skipped","count":N} tells the client.
 */
#ifndef CT_WS_STREAM_READER_H
#define CT_WS_STREAM_READER_H

#include "base/ring.h"
#include "ct-ws/net/outbox.h"
#include "ct-ws/stream/places.h"
#include "ct-ws/stream/kind.h"

enum { MAX_READER_TURN = 1 << 20 };	/* bytes of the ring sent in one call, since others wait */

struct reader {
	/* The owner sets these before it joins a rendition. */
	struct sock *sock;	/* borrowed */
	void *owner;		/* the connection it belongs to */
	uint64_t number;	/* of the connection, for people */
	bool picky;		/* it has a filter: only the places it is given are sent */

	/* These are for owners to read. */
	struct rendition *rendition;	/* that it has joined, or NULL */
	bool blocked;		/* it waits for room in the socket */
	uint64_t sent;		/* bytes that the socket took, since it joined */
	uint64_t skipped;	/* records missed since it joined */

	/* The rest belongs to the files of this room. */
	const struct wire *wire;
	bool packed;		/* the whole connection is compressed: see wire_put */
	bool quiet;		/* it is not told what it has missed */
	uint8_t silent;		/* looks of rendition_second in a row that found no new picked frame */
	uint32_t picked, spoken;	/* frames picked for it ever, and when that was last looked at */
	bool detached;
	bool ending;		/* what is in the outbox is the last: nothing of the ring follows */
	size_t slot;		/* its index in its crowd */
	uint64_t at;		/* next byte of the ring; of a detached reader, the frame to go on at */
	uint64_t records;	/* of a detached reader: ring_records of at */
	struct outbox out;
	struct places places;	/* of a picky reader */
	uint64_t untold;	/* records that were dropped from places without a notice so far */
	struct replay *replay;	/* owned; older records that come first, or NULL */
	struct matcher_client *match;	/* its filter in force; for renditions.c */
	struct reader *due_next, **due_at;	/* in the rendition's list due or now */
};

/* What reader_send has come to. */
enum reader_got {
	READER_DONE,	/* everything there is has been sent */
	READER_BLOCKED,	/* the socket takes no more, or the turn is over; go on when it is writable */
	READER_ENDED,	/* everything up to the frames of reader_end has been sent */
	READER_GONE,	/* the connection is broken; errno says how */
};

/* The rest of a frame, kept while several readers are detached from it. All zero is none. */
struct reader_rest {
	uint64_t from, to;	/* places in the ring */
	struct body *body;	/* one reference */
};

/*
 * Prepares a reader for ring, from the next frame on. kind says how its notices look.
 * What the owner has set stays.
 */
void reader_init(struct reader *r, const struct ring *ring, const struct kind *kind);

/* Drops what waits. Does not close the socket. */
void reader_free(struct reader *r);

/*
 * Detaches the reader from the frame of ring that it has begun. *rest is used when it is the rest of that
 * frame, or else becomes that; the caller gives its body back when all readers are detached. Does nothing
 * for a reader that is still sent older records, because it needs nothing of the ring.
 */
void reader_detach(struct reader *r, const struct ring *ring, struct reader_rest *rest);

/*
 * Detaches the reader as reader_detach does, so that ring may overwrite everything below the place
 * safe. Of the frames that a picky reader was to be sent, those below safe count as missed.
 */
void reader_rescue(struct reader *r, const struct ring *ring, uint64_t safe, struct reader_rest *rest);

/* Returns the lowest place of ring that the reader still needs, or UINT64_MAX when there is none. */
uint64_t reader_lowest(const struct reader *r);

/*
 * Puts bytes, one or more whole frames for this client alone, behind the frame that is being
 * sent. Does nothing after reader_end. reader_send sends them.
 */
void reader_put(struct reader *r, const struct ring *ring, struct span bytes);

/* Puts bytes like reader_put, and makes them the last that this client is sent. */
void reader_end(struct reader *r, const struct ring *ring, struct span bytes);

/*
 * Takes the reader away from ring: the rest of the frame that is being sent goes to the outbox, and
 * whatever else waits is given up. Returns how many records were given up.
 */
uint64_t reader_forgo(struct reader *r, const struct ring *ring);

/* Adds the frame of n bytes at the place `at` to those that a picky reader is sent. */
void reader_pick(struct reader *r, const struct ring *ring, uint64_t at, size_t n);

/* Counts records that the client has missed, and puts a notice of them into the outbox. */
void reader_tell_skipped(struct reader *r, uint64_t records);

/*
 * Sends what waits in the outbox and then, unless older records are to come first, what waits in
 * ring. Returns what it has come to.
 */
enum reader_got reader_send(struct reader *r, const struct ring *ring);

#endif
