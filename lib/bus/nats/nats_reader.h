/*
 * The thread of a subscriber: it connects, finds the stream, decides where to begin, and has a
 * consumer bring the messages in order, from the next one on whenever something was cut. What comes is
 * put into a queue of limited size. bus/nats/nats_subscriber.c is its owner, in the loop.
 */
#ifndef BUS_NATS_NATS_READER_H
#define BUS_NATS_NATS_READER_H

#include "bus/nats/nats.h"
#include "bus/nats/nats_stream.h"
#include "bus/nats/nats_thread.h"
#include "bus/subscriber.h"

enum {
	MAX_NATS_QUEUE = 4 << 20,	/* bytes that wait for the loop before the server has to */
	MAX_NATS_ITEMS = 16384,		/* messages that do */
	NATS_LATEST = 25,		/* events that a reader begins with unless it wants others */
};

/* Returns true when a reader that starts so begins at a place, and not with the latest records. */
static inline bool
nats_starts_since(const struct subscriber_start *start)
{
	return start->since.epoch != 0 || start->since.seq != 0;
}

/* What the queue brings. */
enum nats_kind {
	NATS_PLAN,	/* place: of the first new record; from: where the older ones begin */
	NATS_LOST,	/* count records were lost before what follows */
	NATS_LATELY,	/* a status record for the latest ones */
	NATS_MESSAGE,	/* place.seq: of this message */
	NATS_BEGUN,	/* all older messages have come */
	NATS_CAUGHT,	/* there is nothing newer at the moment */
};

struct nats_item {
	enum nats_kind kind;
	struct bus_place place;
	uint64_t from, count;
	struct nats_message *message;	/* owned; NULL without one */
};

struct nats_reader {
	struct nats_thread thread;
	struct nats_address address;
	struct nats *nats;
	struct subscriber_start start;	/* what the owner asked for */
	bool older;			/* the owner wants older records */

	/* Under the lock. */
	struct nats_item *items;	/* owned; a ring of `room`, of which count are used from head on */
	size_t room, head, count;
	size_t bytes;			/* of their messages */
	enum subscriber_state state;
	uint64_t heard_at;		/* ms: when the server was heard last */
	uint64_t next;			/* number of the next message to be taken */
	uint64_t live;			/* of the first new one */
	uint64_t consumer_seq;		/* of the message taken last from this consumer */
	uint64_t last;			/* the largest number that is known to exist */
	bool begun;			/* NATS_BEGUN was put */
	bool broken;			/* the consumer does not bring what should come next */

	/* Used by the thread alone. */
	struct nats_inbox *inbox;	/* of the consumer */
	struct buf inbox_name, consumer;	/* subject of the inbox; name of the consumer, or empty */
	unsigned connections;
	bool planned;			/* epoch and next are set */
	bool waited;			/* there was no stream when the reader came */
	bool told;			/* the user knows that nothing comes */
	unsigned shorts;		/* how often in a row the stream had lost its end */
	uint64_t epoch;
	uint64_t lately;		/* status records that are to come */
};

/*
 * Starts the thread. *r is zeroed but for thread.called, thread.freed and thread.cookie, start and
 * older. Returns NULL, or a static text with nothing to be freed.
 */
const char *nats_reader_open(struct nats_reader *r, struct loop *loop, const char *address);

/* Takes the next item from the queue; its message is then the caller's. Returns false when it is empty. */
bool nats_reader_take(struct nats_reader *r, struct nats_item *item);

/* Frees what the reader owns; for thread.freed, when the thread has ended. */
void nats_reader_free(struct nats_reader *r);

#endif
