/*
 * A hub's side of a bus on ipc:// or tcp://: serves its three sockets. This header is for the files
 * of the publisher alone; others use bus/publisher.h.
 *
 * - sp_publisher.c opens and closes it, and publishes;
 * - sp_pace.c says when it takes lines;
 * - sp_ask.c serves questions and lines that others push.
 */
#ifndef BUS_SP_SP_PUBLISHER_H
#define BUS_SP_SP_PUBLISHER_H

#include "bus/sp/sp_engine.h"
#include "bus/sp/sp_reader.h"
#include "bus/sp/sp_server.h"

enum {
	MAX_SP_LINKS = 1024,	/* connections of one socket: keeps peers from taking all memory */
	MAX_SP_PRODUCERS = 256,	/* that push with acknowledgement and are remembered */
	SP_PRODUCER_OUT = 32,	/* pushes of one producer that are remembered until they have left */
	MAX_SP_QUESTION = 4096,	/* bytes of a question; keeps an asker from taking the hub's memory */
	MAX_SP_ANSWERS = 32 << 20,	/* bytes of all answers that wait, for those who do not read */
};

/* A connection for questions or pushed lines. */
struct sp_guest {
	struct sp_guest *next;
	struct sp_publisher *publisher;
	struct sp_link *link;	/* owned */
	uint64_t asked;		/* number of its last question among those of all guests */
};

/* A program that pushes with acknowledgement. Its records have numbers of its own. */
struct sp_producer {
	uint64_t id;
	uint64_t next;	/* number of its next record; what it pushes again from before is not taken */
	uint64_t left;	/* those before this number have left */
	uint64_t used;	/* ms, when it has last pushed */
	unsigned count;	/* of out */
	struct {
		uint64_t seq;		/* when all before record seq of this bus has left, */
		uint64_t number;	/* all before this number of the producer has */
	} out[SP_PRODUCER_OUT];	/* what has been taken and not left, the oldest first */
};

struct sp_publisher {
	struct publisher base;
	struct loop *loop;
	struct publisher_options options;
	const struct publisher_calls *calls;
	void *cookie;

	struct sp_journal journal;
	struct sp_server servers[3];	/* by enum sp_use */
	struct sp_reader *readers;
	struct sp_guest *guests[3];	/* SP_QUESTIONS and SP_LINES */
	unsigned links[3];		/* connections of each socket */
	struct sp_producer producers[MAX_SP_PRODUCERS];
	size_t producer_count;
	struct buf answer;		/* for the answer at hand */
	uint64_t questions;		/* that have come */

	struct loop_timer flush;	/* sends, in the next turn of the loop */
	struct loop_timer rest;		/* runs between small messages */
	struct loop_timer again;	/* runs until it may take lines again */
	struct loop_timer second;	/* comes every second */
	uint64_t opened;		/* ms, when readers could first find the bus */
	bool begun;			/* the wait for readers is over */
	bool refused;			/* calls->takes is owed */
	size_t turn;			/* bytes published since the last flush */
	uint64_t published;		/* ms, when a message was last published */
	int64_t allowed;		/* bytes that may be published; below 0: are owed */
	uint64_t allowed_at;		/* ms, for when allowed holds */
	uint64_t watched;		/* calls->left is owed for this record; 0: for none */
	uint64_t dropped;		/* records that readers have lost */
};

/* Returns the number of the first record that has not left for a reader that takes anything. */
uint64_t sp_publisher_left(const struct sp_publisher *p);

/* ---- sp_pace.c ---- */

/* Returns true when lines may be published now; else sp_pace_look says when they may again. */
bool sp_pace_takes(struct sp_publisher *p);

/* Takes note that n bytes of lines were published. */
void sp_pace_published(struct sp_publisher *p, size_t n);

/* When calls->takes is owed and lines may be published: calls it, and takes pushed lines again. */
void sp_pace_look(struct sp_publisher *p);

/* Returns how many bytes wait for the reader that is furthest behind, of those that are waited for. */
uint64_t sp_pace_behind(const struct sp_publisher *p);

/* ---- sp_ask.c ---- */

/*
 * Take the connection fd, which is one for questions or, with sp_ask_push_came, for lines that are
 * pushed. publisher is the struct sp_publisher. These are the function came of struct sp_server.
 */
void sp_ask_came(void *publisher, int fd);
void sp_ask_push_came(void *publisher, int fd);

/* With hold true, takes no more lines from the programs that push; with false, goes on to take them. */
void sp_ask_hold(struct sp_publisher *p, bool hold);

/* Ends all connections for questions and for pushed lines. */
void sp_ask_end(struct sp_publisher *p);

#endif
