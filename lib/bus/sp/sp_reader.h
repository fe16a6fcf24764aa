/*
 * One reader of a hub: a connection, and how far it has come in the journal. Messages leave for it
 * straight from the journal. A reader that is behind by more than the backlog loses the oldest
 * messages that it has not begun to take.
 */
#ifndef BUS_SP_SP_READER_H
#define BUS_SP_SP_READER_H

#include "bus/sp/sp_journal.h"
#include "bus/sp/sp_link.h"

struct sp_reader {
	struct sp_reader *next_reader;
	struct sp_link *link;	/* owned */
	void *owner;		/* whose reader this is */
	bool open;		/* the other side has greeted */
	bool slow;		/* it has lost messages, and is still far behind: nobody waits for it */
	uint64_t next;		/* number of the first message that has not left as a whole */
	size_t sent;		/* bytes of it that have */
	uint64_t moved;		/* ms, when something has last left, or nothing was left to send */
};

/*
 * Begins to read j: queues a message without records that says where the stream is, and sets r to the
 * next message. now is in ms, as loop_now counts, here and below.
 */
void sp_reader_begin(struct sp_reader *r, const struct sp_journal *j, uint64_t now);

/* Sends messages of j as far as the connection takes them now. */
void sp_reader_send(struct sp_reader *r, const struct sp_journal *j, uint64_t now);

/*
 * When the reader is more than backlog bytes behind in j, passes over the oldest messages that it has
 * not begun to take, until it is not, or only the newest is left. Returns how many records it has lost.
 */
uint64_t sp_reader_skip(struct sp_reader *r, const struct sp_journal *j, size_t backlog);

/* Returns true when all messages of j have left for this reader. */
bool sp_reader_is_through(const struct sp_reader *r, const struct sp_journal *j);

#endif
