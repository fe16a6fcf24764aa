/*
 * What travels on the bus beside the records themselves: the head of a
 * message, which numbers its records, and the reports of readers. ct-bus(5)
 * is the contract. Nothing here does I/O.
 */
#ifndef BUS_BUS_MESSAGE_H
#define BUS_BUS_MESSAGE_H

#include "base/buf.h"

enum {
	BUS_NUMBER = 20,	/* digits of the largest number */
	MAX_BUS_BACKLOG = 8192,	/* messages; more than that the engine cannot hold */
};

/*
 * Where a record stands: epoch is the life of the hub that published it, a
 * random number that is never 0, and seq its number in that life, from 1 on.
 */
struct bus_place {
	uint64_t epoch, seq;
};

/* A message: lines (each with its LF, perhaps none) whose first record has, or will have, this place. */
struct bus_message {
	struct bus_place place;
	struct span lines;
};

/* What a reader tells a hub: its own random number, and the place of the first record it has not taken. */
struct bus_report {
	uint64_t id;
	struct bus_place place;
	bool hello;	/* it also wants a message that shows that its subscription stands */
};

/*
 * Takes the bytes of one message apart. Returns false when they are not
 * "EPOCH SEQ" and LF, followed by nothing or by whole lines. m->lines points
 * into message.
 */
bool bus_message_parse(struct bus_message *m, struct span message);

/*
 * Takes a question of the form "hello ID EPOCH SEQ" or "seen ID EPOCH SEQ"
 * apart; returns false for any other. EPOCH 0 is a reader that has taken nothing.
 */
bool bus_report_parse(struct bus_report *r, struct span question);

/* Appends the question that bus_report_parse reads. */
void bus_report_write(struct buf *out, const struct bus_report *r);

/*
 * The question "lost EPOCH SEQ" of a reader that had come so far when the hub of
 * that epoch ended: how many records has it missed of that life, and of others
 * between it and the present one? The answer is a number in decimal, or nothing
 * when the hub does not know. bus_lost_parse returns false for any other question.
 */
void bus_lost_write(struct buf *out, struct bus_place place);
bool bus_lost_parse(struct bus_place *place, struct span question);

/*
 * The answer to a report: how many messages the hub holds for a reader that is
 * behind, in decimal. The reader holds as many in its own process.
 * bus_backlog_parse returns false, with *messages as it was, for anything but a
 * number from 1 to MAX_BUS_BACKLOG.
 */
void bus_backlog_write(struct buf *out, unsigned messages);
bool bus_backlog_parse(unsigned *messages, struct span answer);

/* Returns a random number below 2^53 that is not 0: JSON readers keep such a number exactly. */
uint64_t bus_random(void);

#endif
