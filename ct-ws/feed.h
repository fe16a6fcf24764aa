/* The bus as ct-ws reads it: records into a server, holes counted, the hub waited for. */
#ifndef CT_WS_FEED_H
#define CT_WS_FEED_H

#include "base/buf.h"
#include "bus/bus.h"
#include "ct-ws/server.h"
#include "os/loop.h"

struct feed {
	struct server *server;
	struct loop *loop;
	struct bus_sub *sub;
	const char *address;
	struct loop_fd io;
	struct loop_timer second;
	bool hub;		/* it was connected when last looked at */
	bool joined;		/* next means something */
	bool told_away;
	uint64_t next;		/* number of the record to come */
	uint64_t known;		/* records below it came with the latest ones; 0: none did */
	unsigned known_seconds;	/* until known is forgotten */
};

/*
 * Subscribes, and takes over the hub's latest events, waiting for them no
 * longer than half a second. The hub need not be there. -1 with why when the
 * address is none, or the bus cannot be used. The address must live on.
 */
int feed_open(struct feed *, struct loop *, struct server *, const char *address,
    const char **why);
void feed_free(struct feed *);

#endif
