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
	MAX_NATS_QUEUE = 4 << 20,	/* bytes in the queue, after which the server has to wait */
	MAX_NATS_ITEMS = 16384,		/* messages in the queue, after which the server has to wait */
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
	NATS_PLAN,	/* place is that of the first new record, from the number of the first older one */
	NATS_LOST,	/* count records were lost before what follows */
	NATS_STATUS,	/* message is one of the latest status records */
	NATS_MESSAGE,	/* message is the next one, and place.seq its number */
	NATS_BEGUN,	/* all older messages have come */
	NATS_CAUGHT,	/* at the moment the stream has nothing newer */
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
	uint64_t consumer_seq;		/* number, by this consumer, of the message taken last from it */
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
	uint64_t statuses;		/* status records that are to come */
};

/*
 * Starts the thread for the bus at address, which is copied; loop calls back. The caller has set
 * thread.called, thread.freed, thread.cookie, start and older of *r, and all other bytes to zero.
 * Returns NULL, or a static reason with nothing to be freed.
 */
const char *nats_reader_open(struct nats_reader *r, struct loop *loop, const char *address);

/*
 * Takes the next item from the queue. Returns true with *item set, whose message is then the caller's,
 * or false when the queue is empty.
 */
bool nats_reader_take(struct nats_reader *r, struct nats_item *item);

/* Frees what the reader owns. To be called in thread.freed, when the thread has ended. */
void nats_reader_free(struct nats_reader *r);

#endif
