/*
 * The bus: one ct-hub publishes, any number subscribe, ask and ingest. One
 * address names it all: ipc:///path (sub-addresses /path, /path.ask,
 * /path.in) or tcp://host:port (port, port+1, port+2). See ct-bus(5).
 *
 * A message is a batch of consecutive records: the decimal number SEQ of the
 * first, LF, then the lines, each with its LF. One without lines says where
 * the stream is. Subscribers that are too slow lose whole messages and see it
 * as a hole in SEQ.
 *
 * The calls never block unless they say so. Functions that can fail return
 * NULL or -1 and set *why to a static text that names the cause.
 */
#ifndef BUS_BUS_H
#define BUS_BUS_H

#include "base/buf.h"

enum {
	BUS_BATCH = 64 * 1024,		/* most bytes of lines in a message, unless one line is longer */
	BUS_PUB_MESSAGES = 512,		/* waiting for one slow subscriber at most */
	BUS_SUB_MESSAGES = 512,		/* received and not yet taken at most */
	BUS_REPORT = 32,		/* a subscriber tells the hub where it is so often, in messages */
};

/*
 * The address to use: given if not NULL, else $CT_BUS, else
 * ipc://$XDG_RUNTIME_DIR/ct/bus, else ipc:///run/ct/bus. The text is kept in
 * out. The hub makes the folder; the others expect it.
 */
const char *bus_address(struct buf *out, const char *given);

/* False with *why when the text can never be the address of a bus. */
bool bus_address_is(const char *address, const char **why);

/* ---- the hub's side ---- */

struct bus_hub;

/* Binds all sub-addresses; a socket file that nobody serves is replaced. */
struct bus_hub *bus_hub_open(const char *address, bool ingest, const char **why);
void bus_hub_free(struct bus_hub *);

/*
 * Blocks until all published messages have left or nothing moves any more, at
 * most ms milliseconds; false when they were still leaving then.
 */
bool bus_hub_linger(struct bus_hub *, unsigned ms);

/* Publishes; lines may be empty. 0, or -1 (out of memory inside the engine). */
int bus_hub_publish(struct bus_hub *, uint64_t seq, struct span lines, const char **why);

/* Readable when a question waits, or a line on the ingest side (-1 without). */
int bus_hub_ask_fd(struct bus_hub *);
int bus_hub_ingest_fd(struct bus_hub *);

/* 1 with the question (valid until the answer), 0 none, -1. Answer each before the next. */
int bus_hub_question(struct bus_hub *, struct span *question, const char **why);
int bus_hub_answer(struct bus_hub *, struct span answer, const char **why);

/* 1 with a batch of lines pushed by others (valid until the next call), 0 none, -1. */
int bus_hub_ingest(struct bus_hub *, struct span *lines, const char **why);

/* ---- a reader's side ---- */

struct bus_sub;

/*
 * Starts to subscribe and returns at once; it connects when the hub is there
 * and reconnects by itself when the hub comes back.
 */
struct bus_sub *bus_sub_open(const char *address, const char **why);
void bus_sub_free(struct bus_sub *);
int bus_sub_fd(struct bus_sub *);	/* readable when bus_sub_next has a message */
bool bus_sub_connected(struct bus_sub *);

/*
 * 1 with a message: the number of its first record and its lines (perhaps
 * none), valid until the next call; 0 none there; -1 a message that is not
 * one of the bus's. Also tells the hub now and then how far this reader is,
 * so that a fast stream waits for it.
 */
int bus_sub_next(struct bus_sub *, uint64_t *seq, struct span *lines, const char **why);

/*
 * Asks the hub and blocks up to ms milliseconds for the connection and as long
 * for the answer. 0 with the answer appended, or -1. The questions: "latest" is
 * answered by a message as above (SEQ is the number the next record published
 * will have) with the kept events, oldest first; "status" by the hub's own
 * status record; "place" by nothing, but a message without lines goes to all
 * subscribers.
 */
int bus_ask(const char *address, const char *question, unsigned ms, struct buf *answer,
    const char **why);

/* Takes a message apart: SEQ and lines; false when it is not one. */
bool bus_message(struct span message, uint64_t *seq, struct span *lines);

/* Takes a subscriber's report apart, the question "seen ID SEQ": SEQ is the first record not taken. */
bool bus_report(struct span question, uint64_t *id, uint64_t *seq);

#endif
