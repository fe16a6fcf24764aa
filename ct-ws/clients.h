/*
 * All connections of one server. Here is what they share, and what is decided for all of them together:
 * which are closed because their time is over, and how much the kernel may hold for clients that do not
 * read.
 */
#ifndef CT_WS_CLIENTS_H
#define CT_WS_CLIENTS_H

#include "ct-ws/crew/slots.h"
#include "ct-ws/door/door.h"
#include "ct-ws/net/tls.h"
#include "ct-ws/site/site.h"
#include "enc/gz.h"
#include "enc/hash.h"
#include "os/loop.h"

enum {
	CLIENTS_SCRATCH = 16 * 1024,	/* bytes read from a client at once */
	CLIENTS_SPARE = 4,	/* connections beyond the most, for requests for /health */
	CLIENTS_STUCK_S = 60,	/* seconds in which a client must take something of what waits for it */
	CLIENTS_STUCK_LEAST_S = 2,	/* what CLIENTS_STUCK_S falls to while the kernel holds too much */
	CLIENTS_HELD = 80 << 20,	/* bytes that the kernel may hold for all clients that are blocked */
};

struct client;

/* Which part of the clients is served here, when several workers serve them. */
struct clients_share {
	struct slots *slots;	/* borrowed; NULL where there is one process, which is all */
	size_t worker;		/* its number; 0 without slots */
};

struct clients {
	struct loop *loop;		/* borrowed */
	struct site *site;		/* borrowed; has what the clients ask for */
	struct door *door;		/* borrowed; knows who may come in */
	struct tls *tls;		/* borrowed; what all but Unix sockets speak; NULL for nothing */
	struct hash *hash;		/* borrowed from door; for handshakes */
	struct gz *gz;			/* owned; unpacks what clients send, made when one may */
	struct client **open;		/* owned: the first `count` are the open clients */
	size_t count;			/* how many clients are open */
	size_t most;			/* how many may be open at once, in all workers together */
	struct clients_share share;
	size_t held_most;		/* bytes that the kernel may hold for clients that are blocked */
	size_t spare;			/* how many open clients are beyond the most */
	struct client *waiting;		/* list of clients that wait for their filters */
	struct client *dead;		/* list of clients that are closed and not freed yet */
	uint64_t last_number;		/* how many numbers clients_number has given */
	unsigned stuck;			/* seconds, CLIENTS_STUCK_S or fewer */
	bool stopping;			/* clients_stop has been called */
	void (*gone)(void *cookie);	/* that of clients_stop */
	void *cookie;			/* that of clients_stop */
	uint8_t scratch[CLIENTS_SCRATCH];	/* what has just been read from a client */
};

/*
 * Begins without a client. most is how many may be open at once. loop, site, door and tls must live
 * until clients_free; site must have been opened with client_calls; tls is NULL where no TLS is spoken.
 */
void clients_init(struct clients *all, struct loop *loop, struct site *site, struct door *door,
    struct tls *tls, size_t most, struct clients_share share);

/*
 * clients_has_room returns true when one more client may be opened. clients_has_spare returns true when
 * one may be opened beyond that; such a client is only told about health, or that there is no room.
 */
bool clients_has_room(const struct clients *all);
bool clients_has_spare(const struct clients *all);

/* Returns the number for a client that is opened. No two workers give the same. */
uint64_t clients_number(struct clients *all);

/* Closes all connections at once, without close frames, and frees everything. */
void clients_free(struct clients *all);

/* To be called once a second: ends the clients whose time is over. now is loop_now. */
void clients_check(struct clients *all, uint64_t now);

/*
 * Begins the end: sends each WebSocket a close frame, ends the other streams, finishes the answers that are
 * being sent, and closes all other connections. gone(cookie) is called once, when the
 * last client has gone, which may be within this call. Call this at most once.
 */
void clients_stop(struct clients *all, void (*gone)(void *cookie), void *cookie);

/* clients_adopt adds the client c, which is open. clients_bury takes it out and frees it later. */
void clients_adopt(struct clients *all, struct client *c);
void clients_bury(struct clients *all, struct client *c);

/*
 * clients_wait notes that c waits for the regexes of its filter, and clients_wait_ends that it does not wait
 * any more; each may be called again when it is so already. clients_compiled is to be called when a regex
 * has been compiled: all clients that wait look whether they can go on.
 */
void clients_wait(struct client *c);
void clients_wait_ends(struct client *c);
void clients_compiled(struct clients *all);

/* Frees the closed clients. To be called only while no function of a client is running. */
void clients_clear(struct clients *all);

/* Returns what unpacks the messages of all clients. */
struct gz *clients_gz(struct clients *all);

/* Returns how many bytes of SO_SNDBUF a new connection gets, so that all together stay in bounds. */
unsigned clients_room(const struct clients *all);

#endif
