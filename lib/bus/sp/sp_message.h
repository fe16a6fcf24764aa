/*
 * What travels on the bus beside the records themselves: the head of a message, which numbers its
 * records, and questions. ct-bus(5) is the contract. Nothing here does I/O.
 */
#ifndef BUS_SP_SP_MESSAGE_H
#define BUS_SP_SP_MESSAGE_H

#include "base/buf.h"
#include "bus/bus_place.h"

enum { SP_PLACE = 2 * BUS_NUMBER + 2 };	/* bytes of the head of a message at most */

/*
 * A message. lines are its records, each with its LF, and place is that of the first. A message
 * may have no lines: then place is the one that the next record will have.
 */
struct sp_message {
	struct bus_place place;
	struct span lines;
};

/* The questions that the bus itself answers; it leaves "lost", "lives" and "status" to its owner. */
enum sp_asks {
	SP_ASKS_LATEST,	/* "latest [N [SEQ]]": number is N, or 0; place.seq is SEQ, or 0 */
	SP_ASKS_SINCE,	/* "since EPOCH SEQ": place */
	SP_ASKS_PUSH,	/* "push ID NUMBER" LF and lines: ID is in place.epoch, NUMBER in number */
	SP_ASKS_OTHER,	/* any other text */
};

struct sp_question {
	enum sp_asks asks;
	struct bus_place place;
	uint64_t number;
	struct span lines;	/* of a push */
};

/* Writes to out the head of a message whose first record has this place. Returns its length in bytes. */
size_t sp_message_head(char out[SP_PLACE + 1], struct bus_place place);

/*
 * Takes the bytes of one message apart. Returns true with *m filled, whose lines point into
 * message, or false when the bytes are not "EPOCH SEQ" and LF, followed by nothing or by whole lines.
 */
bool sp_message_parse(struct sp_message *m, struct span message);

/* Takes the question text apart and returns it. Members that its kind (asks) does not use are 0. */
struct sp_question sp_message_question(struct span text);

/* Append to out the question "since EPOCH SEQ" or "lost EPOCH SEQ", with the numbers of place. */
void sp_message_since(struct buf *out, struct bus_place place);
void sp_message_lost(struct buf *out, struct bus_place place);

#endif
