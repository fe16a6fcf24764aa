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
 * No function blocks unless its comment says so. A function that has a parameter why
 * points *why to a static text that names the cause when it fails, that is, when it
 * returns NULL, false or -1; else it leaves *why alone.
 */
#ifndef BUS_BUS_H
#define BUS_BUS_H

#include "base/buf.h"
#include "bus/bus_message.h"

enum {
	BUS_BATCH = 64 * 1024,	/* bytes of lines in a message at most, unless one line is longer */
	BUS_QUIET_MS = 5000,	/* a hub that has published nothing for so long says where it is */
	BUS_DIAL_MOST_MS = 2000,	/* the longest pause before a reader looks for a hub again */
};

/*
 * Writes the address to use into out and returns it as a C string that lives
 * as long as out is not changed: given, if that is not NULL; else $CT_BUS; else
 * ipc://$XDG_RUNTIME_DIR/ct/bus; else ipc:///run/ct/bus. The text is not checked.
 */
const char *bus_address(struct buf *out, const char *given);

/* Returns true when address has the form of a bus's address, else false with *why. */
bool bus_address_is(const char *address, const char **why);

/* ---- the hub's side ---- */

struct bus_hub;

/*
 * Serves a bus at address. With ingest, others may push lines to it. backlog
 * is how many messages may wait for one reader, MAX_BUS_BACKLOG at most; when there
 * are more, the oldest are dropped for that reader. The folder of a socket file is
 * made if it is missing, and a socket file that nobody serves is replaced. Returns
 * the hub, or NULL with *why when the bus cannot be served.
 */
struct bus_hub *bus_hub_open(const char *address, bool ingest, unsigned backlog, const char **why);

/*
 * Stops serving and frees the hub; messages that still wait are dropped. Blocks for
 * half a second at most for each of the three sockets. NULL is allowed.
 */
void bus_hub_free(struct bus_hub *);

/*
 * Blocks until all published messages have left, or until no message has left for a
 * tenth of a second, which means that nobody takes them; but for ms milliseconds at
 * most. Returns false when messages were still leaving at the end of that time, and
 * true otherwise.
 */
bool bus_hub_linger(struct bus_hub *, unsigned ms);

/*
 * Publishes a message: lines, each with its LF, or none; place is that of the first of them, or
 * of the next record if there are none. Returns 0, or -1 with *why when memory is short.
 */
int bus_hub_publish(struct bus_hub *, struct bus_place place, struct span lines, const char **why);

/*
 * bus_hub_connections returns how many readers are connected now, whether they
 * report or not; bus_hub_departures returns how many connections of readers have
 * ended since the start.
 */
unsigned bus_hub_connections(struct bus_hub *);
unsigned bus_hub_departures(struct bus_hub *);

/*
 * Return a descriptor that is readable while a question waits, and one that is
 * readable while pushed lines wait (-1 without ingest). They stay the hub's.
 */
int bus_hub_ask_fd(struct bus_hub *);
int bus_hub_ingest_fd(struct bus_hub *);

/*
 * bus_hub_question takes the next question. Returns 1 with *question set, valid
 * until bus_hub_answer; 0 when no question waits; -1 with *why on an error.
 * bus_hub_answer answers the question taken last, which must be done before the
 * next is taken. Returns 0, also when the asker has gone, or -1 with *why.
 */
int bus_hub_question(struct bus_hub *, struct span *question, const char **why);
int bus_hub_answer(struct bus_hub *, struct span answer, const char **why);

/*
 * Takes the next pushed lines, as one program has sent them: the last may lack its
 * LF. Returns 1 with *lines set, valid until the next call; 0 when none wait; -1 with
 * *why on an error.
 */
int bus_hub_ingest(struct bus_hub *, struct span *lines, const char **why);

/* ---- one question ---- */

/*
 * Asks the hub at address a question and blocks, for ms milliseconds at most, until
 * the answer has come. Returns 0 with the answer appended to answer, or -1 with *why
 * and answer as it was. The question is "latest", which is answered by a message
 * with the newest events, oldest first, and the place of the next record; or
 * "status", which is answered by the hub's status record.
 */
int bus_ask(const char *address, const char *question, unsigned ms, struct buf *answer,
    const char **why);

#endif
