/*
 * The server puts the parts together: a listener brings connections, clients
 * live on them, a site has what they ask for, and the clock moves all of it.
 * Whoever reads the bus gives the server its records.
 */
#ifndef CT_WS_SERVER_H
#define CT_WS_SERVER_H

#include "ct-ws/health.h"
#include "ct-ws/site.h"
#include "os/loop.h"

enum {
	SERVER_TICK_MS = 20,	/* the longest an event waits to be sent together with others */
	SERVER_FEW = 64,	/* an event does not wait where at most so many readers can be sent to */
	SERVER_STOP_MS = 1500,	/* for the clients to answer the end */
};

struct server;

struct server_options {
	const char *address;	/* NULL: every address of IPv6 and IPv4 */
	const char *port;	/* a decimal number; "0" takes any that is free */
	size_t max_clients;	/* connections at once */
	size_t ring;		/* bytes of the rings of full and lite; domains has a quarter */
};

/*
 * Listens and begins to serve in loop, which must live until server_free.
 * Returns NULL when it cannot listen; then *why is a static text that says
 * what failed, or NULL where errno does.
 */
struct server *server_open(struct loop *loop, const struct server_options *, const char **why);

/* Ends all connections at once and frees everything. */
void server_free(struct server *);

/* Returns the number of the port that the server listens on. */
unsigned server_port(const struct server *);

/* Returns what the server serves; it belongs to the server. */
const struct site *server_site(const struct server *);

/* Takes line, the next record of the bus, without its LF; line need not last. */
void server_take(struct server *, struct span line);

/* Counts and tells that so many records of the bus were lost before the next one, also to clients. */
void server_missed(struct server *, uint64_t records);

/* Ends a batch of records: what they have put into the streams is sent, within SERVER_TICK_MS. */
void server_settle(struct server *);

/* Sets the state of the connection to the hub; HEALTH_HUB_AWAY holds until the first call. */
void server_hub_is(struct server *, enum health_hub);

/* Notes that something has just come from the hub, be it records or a sign of life. */
void server_hub_heard(struct server *);

/*
 * Begins the end: listens no more, closes every WebSocket with 1001, and stops
 * the loop when all clients have gone, or after SERVER_STOP_MS. Call once.
 */
void server_stop(struct server *);

#endif
