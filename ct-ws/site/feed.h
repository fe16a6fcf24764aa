/*
 * The feed of ct-ws: it reads the bus and gives the server what comes. First come the older
 * records that the hub keeps, for clients that come back, and its newest events; then each
 * record as it is published. It also tells the server how many records were lost, whether
 * the hub is there, and where its earlier lives ended.
 */
#ifndef CT_WS_SITE_FEED_H
#define CT_WS_SITE_FEED_H

#include "ct-ws/server.h"
#include "os/loop.h"

struct question;
struct subscriber;

enum { FEED_OLD = 1024 };	/* more than a hub remembers of the newest events */

/* Where an event stands. */
struct feed_event {
	struct bus_place place;
	uint64_t hash;		/* of its line */
};

struct feed {
	struct server *server;
	struct loop *loop;
	const char *address;
	struct subscriber *subscriber;	/* owned */
	struct question *question;	/* owned; a question that waits for its answer, or NULL */
	bool to_ask;			/* the hub has come, and has not been asked for its lives yet */
	struct feed_event *old;		/* owned: the older events; NULL once the latest have come */
	size_t old_count;		/* of these; number i is old[i % FEED_OLD] */
};

/*
 * Begins to read the bus at address for server. The hub need not be there yet.
 * loop, server and address must live until feed_free. Returns 0, or -1 with *why
 * set to a static reason when address is not one of a bus or cannot be used.
 */
int feed_open(struct feed *f, struct loop *loop, struct server *server, const char *address,
    const char **why);

/* Ends the subscription to the bus, which may block for half a second. The server stays. */
void feed_free(struct feed *f);

#endif
