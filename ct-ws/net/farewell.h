/*
 * Connections whose clients have been told that there is no room for them. When
 * a descriptor is closed while bytes of the client are unread or still on their
 * way, the system resets the connection, and the client may never see what it
 * was told. So only the sending side is shut at first, and the descriptor is
 * closed once the client has closed its own, or a second later.
 */
#ifndef CT_WS_NET_FAREWELL_H
#define CT_WS_NET_FAREWELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FAREWELL_MOST = 12,	/* connections at once; one more closes the oldest */
	FAREWELL_MS = 1000,	/* after which a connection is closed in any case */
};

struct farewell_one {
	int fd;
	uint64_t began;		/* loop_now, in ms, when it was put here */
};

/* All bytes are zero before the first farewell_put. */
struct farewell {
	struct farewell_one one[FAREWELL_MOST];	/* the first `count` are in use, the oldest first */
	size_t count;
};

/*
 * Takes over fd, a connection that does not block and to which all has been sent, and closes
 * it as described above. now is loop_now, in milliseconds.
 */
void farewell_put(struct farewell *f, int fd, uint64_t now);

/* To be called once a second: closes the connections whose time is over. now is loop_now. */
void farewell_check(struct farewell *f, uint64_t now);

/* Closes all of them at once. */
void farewell_free(struct farewell *f);

#endif
