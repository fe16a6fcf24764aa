/*
 * The thread of a publisher: it connects, makes the stream, sends what lies in the window, takes the
 * answers, and sends again what was not stored. bus/nats/nats_publisher.c is its owner, in the loop.
 */
#ifndef BUS_NATS_NATS_SENDER_H
#define BUS_NATS_NATS_SENDER_H

#include "bus/nats/nats.h"
#include "bus/nats/nats_stream.h"
#include "bus/nats/nats_thread.h"
#include "bus/nats/nats_window.h"

enum {
	MAX_NATS_WINDOW = 8 << 20,	/* bytes in the window, after which no more lines are taken */
	MAX_NATS_FLYING = 8192,		/* records in the window, after which no more lines are taken */
};

struct nats_sender {
	struct nats_thread thread;
	struct nats_address address;
	struct nats *nats;
	uint64_t run;			/* random: tells this process from others in message ids */

	/* Under the lock of the thread. */
	struct nats_window window;
	bool blocked;			/* the owner waits for room */
	uint64_t watched;		/* the owner waits until all before it is stored; 0: it does not */
	uint64_t messages, repeated;
	uint64_t moved_at;		/* ms: when something was stored last, or the window was empty */
	uint64_t heard_at;		/* ms: when the last answer came, or was first waited for */
	bool probing;			/* after a failure: one record at a time */
	bool lingers;			/* the owner waits in nats_thread_wait */
	unsigned again;			/* ms to wait after the next failure */
	char why[NATS_WHY];		/* the last failure */

	/* Used by the thread alone. */
	struct nats_inbox *inbox;	/* of the answers */
	struct buf answers;		/* the subject that they come to, without its last token */
	unsigned connections;		/* nats_connections when the stream was found */
	bool ready;			/* it was found */
	bool told;			/* the user knows that nothing is taken */
	bool named;			/* the user knows how the stream differs */
	size_t most;			/* bytes of a line in one message */
	uint64_t not_before;		/* ms: when to try again */
	struct buf subject, reply, id, scratch;	/* of the message at hand */
};

/*
 * Starts the thread for the bus at address, which is copied; loop calls back. The caller has set
 * thread.called, thread.freed and thread.cookie of *s, and all other bytes to zero. Returns NULL, or a
 * static reason with nothing to be freed.
 */
const char *nats_sender_open(struct nats_sender *s, struct loop *loop, const char *address);

/* Frees what the sender owns. To be called in thread.freed, when the thread has ended. */
void nats_sender_free(struct nats_sender *s);

#endif
