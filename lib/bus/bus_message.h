/*
 * What travels on the bus beside the records themselves: the head of a
 * message, which numbers its records, and the reports of readers. ct-bus(5)
 * is the contract. Nothing here does I/O.
 */
#ifndef BUS_BUS_MESSAGE_H
#define BUS_BUS_MESSAGE_H

#include "base/buf.h"

enum {
	BUS_NUMBER = 20,	/* digits that EPOCH and SEQ have at most */
	BUS_PLACE = 2 * BUS_NUMBER + 1,	/* characters of EPOCH-SEQ at most */
	MAX_BUS_BACKLOG = 8192,	/* messages: the longest queue that the engine can have */
};

/*
 * Where a record stands: epoch is the life of the hub that published it, a
 * random number that is never 0, and seq its number in that life, from 1 on.
 */
struct bus_place {
	uint64_t epoch, seq;
};

/*
 * bus_place_write writes place as EPOCH-SEQ, in decimal, into out, as clients of ct-ws know it.
 * bus_place_parse reads it: it returns true with *place set, or false for any other text and for an
 * epoch of 0.
 */
void bus_place_write(char out[BUS_PLACE + 1], const struct bus_place *place);
bool bus_place_parse(struct bus_place *place, struct span text);

/*
 * A message. lines are its records, each with its LF, and place is that of the first.
 * A message may have no lines: then place is the one that the next record will have.
 */
struct bus_message {
	struct bus_place place;
	struct span lines;
};

/* What a reader tells a hub about itself. */
struct bus_report {
	uint64_t id;		/* a random number that the reader has drawn for itself */
	struct bus_place place;	/* of the first record not taken yet; epoch 0: none was taken */
	bool hello;	/* asks for a message that shows that the subscription works */
};

/*
 * Takes the bytes of one message apart. Returns true with *m filled, whose lines
 * point into message, or false when the bytes are not "EPOCH SEQ" and LF, followed by
 * nothing or by whole lines.
 */
bool bus_message_parse(struct bus_message *m, struct span message);

/*
 * Takes a question of the form "hello ID EPOCH SEQ" or "seen ID EPOCH SEQ" apart.
 * Returns true with *r filled, or false for any other question.
 */
bool bus_report_parse(struct bus_report *r, struct span question);

/* Appends r to out as the question that bus_report_parse reads. */
void bus_report_write(struct buf *out, const struct bus_report *r);

/*
 * The question "lost EPOCH SEQ". A reader asks it that has found a new hub; the next
 * record that it expected of the old one has this place. The answer is how many
 * records it has missed of that hub, and of hubs between that and the present one: a
 * number in decimal, or nothing when the hub does not know. bus_lost_write appends
 * the question to out. bus_lost_parse returns true with *place set, or false when
 * question is another one.
 */
void bus_lost_write(struct buf *out, struct bus_place place);
bool bus_lost_parse(struct bus_place *place, struct span question);

/*
 * The question "since EPOCH SEQ": which records does the hub still keep from this place on? The
 * answer is a message with some of them, of which the first may have a higher number because
 * older ones are no longer kept. It begins with the oldest when EPOCH is that of another hub. A
 * message without lines says that nothing newer has been published. bus_since_write appends the
 * question to out. bus_since_parse returns true with *place set, or false when question is another
 * one.
 */
void bus_since_write(struct buf *out, struct bus_place place);
bool bus_since_parse(struct bus_place *place, struct span question);

/*
 * The answer to a report: how many messages at most the hub holds for a reader that
 * is behind, in decimal. The reader sets its own queue to the same length.
 * bus_backlog_write appends the answer to out. bus_backlog_parse returns true with
 * *messages set, or false, with *messages as it was, when answer is not a number
 * from 1 to MAX_BUS_BACKLOG.
 */
void bus_backlog_write(struct buf *out, unsigned messages);
bool bus_backlog_parse(unsigned *messages, struct span answer);

/* Returns a random number below 2^53 that is not 0: JSON readers keep such a number exactly. */
uint64_t bus_random(void);

#endif
