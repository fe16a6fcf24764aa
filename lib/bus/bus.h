/*
 * The bus carries records, one a line, from one ct-hub to any number of
 * readers; ct-bus(5) describes it for users. This header has the address of a
 * bus, the hub's side, and a single question to a hub. A reader that stays is
 * a struct subscriber (bus/subscriber.h); what messages look like is in
 * bus/bus_message.h.
 *
 * One address names a bus: ipc:///path (sockets /path, /path.ask, /path.in) or
 * tcp://host:port (that port and the next two).
 *
 * No function blocks unless its comment says so. A function that fails returns
 * NULL, false or -1 and points *why to a static text that names the cause.
 */
#ifndef BUS_BUS_H
#define BUS_BUS_H

#include "base/buf.h"
#include "bus/bus_message.h"

enum {
	BUS_BATCH = 64 * 1024,	/* bytes of lines in a message at most, unless one line is longer */
	BUS_QUIET_MS = 5000,	/* a hub that has had no news for so long says where it is */
	BUS_DIAL_MOST_MS = 2000,	/* a reader without a hub looks for one at least so often */
};

/*
 * Writes the address to use into out and returns it as a C string that lives
 * as long as out is not changed: given, if that is not NULL; else $CT_BUS; else
 * ipc://$XDG_RUNTIME_DIR/ct/bus; else ipc:///run/ct/bus. The text is not checked.
 */
const char *bus_address(struct buf *out, const char *given);

/* Returns whether address has the form of a bus's address; if not, *why says what is wrong. */
bool bus_address_is(const char *address, const char **why);

/* ---- the hub's side ---- */

struct bus_hub;

/*
 * Serves a bus at address. With ingest, others may push lines to it. backlog
 * is how many messages may wait for one reader; when there are more, the
 * oldest are dropped for that reader. A socket file that nobody serves is
 * replaced. Returns NULL when the bus cannot be served.
 */
struct bus_hub *bus_hub_open(const char *address, bool ingest, unsigned backlog, const char **why);

/*
 * Stops serving; messages that still wait are dropped. Takes at most half a
 * second for each of the three sockets. NULL is fine.
 */
void bus_hub_free(struct bus_hub *);

/*
 * Blocks until all published messages have left, or nothing has moved for a
 * tenth of a second, but at most ms milliseconds. Returns false when messages
 * were still leaving then.
 */
bool bus_hub_linger(struct bus_hub *, unsigned ms);

/* Publishes a message of lines, which may be empty, at place. Returns 0, or -1 when memory is short. */
int bus_hub_publish(struct bus_hub *, struct bus_place place, struct span lines, const char **why);

/*
 * Returns how many connections to where messages are published stand now,
 * whether their readers report or not, and how many have ended since the start.
 */
unsigned bus_hub_connections(struct bus_hub *);
unsigned bus_hub_departures(struct bus_hub *);

/* Descriptors that are readable when a question or pushed lines wait; the second is -1 without ingest. */
int bus_hub_ask_fd(struct bus_hub *);
int bus_hub_ingest_fd(struct bus_hub *);

/*
 * Takes the next question. Returns 1 with *question, which is valid until it
 * is answered; 0 when none waits; -1 on an error. Each question must be
 * answered, by bus_hub_answer, before the next is taken. bus_hub_answer returns
 * 0 also when the asker has gone, and -1 on an error.
 */
int bus_hub_question(struct bus_hub *, struct span *question, const char **why);
int bus_hub_answer(struct bus_hub *, struct span answer, const char **why);

/*
 * Takes the next pushed lines. Returns 1 with *lines, valid until the next
 * call; 0 when none wait; -1 on an error.
 */
int bus_hub_ingest(struct bus_hub *, struct span *lines, const char **why);

/* ---- one question ---- */

/*
 * Asks the hub at address and blocks, at most ms milliseconds, for its
 * answer. Returns 0 with the answer appended to answer, or -1. The questions
 * are "latest", answered by a message with the newest events, oldest first,
 * and the place that the next record will have; and "status", answered by the
 * hub's status record.
 */
int bus_ask(const char *address, const char *question, unsigned ms, struct buf *answer,
    const char **why);

#endif
