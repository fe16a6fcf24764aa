/*
 * The server puts the parts of ct-ws together: a listener that accepts connections,
 * the clients on these connections, the site that has what the clients ask for, and
 * the timers for heartbeats, deadlines and sending. The server does not read the bus
 * itself: its owner gives it the records.
 */
#ifndef CT_WS_SERVER_H
#define CT_WS_SERVER_H

#include "ct-ws/site/health.h"
#include "ct-ws/site/site.h"
#include "ct-ws/door/door.h"
#include "ct-ws/clients.h"
#include "ct-ws/net/endpoint.h"
#include "ct-ws/net/tls.h"
#include "os/loop.h"

enum {
	SERVER_PAUSE_LEAST_MS = 5,	/* from the end of a round of sending to the next, if events came */
	SERVER_PAUSE_MS = 10,		/* the longest; between them it is half as long as the round took */
	SERVER_FEW = 64,	/* readers who are served in one turn of the loop; so few need no round */
	SERVER_BEGIN_MS = 500,	/* the longest that connections wait at the start for server_begin */
	SERVER_STOP_MS = 1500,	/* in which clients can answer the close frames of server_stop */
};

struct server;

/* What it points to must live until server_free. */
struct server_options {
	const struct endpoints *endpoints;	/* to listen on; the server takes the sockets over */
	size_t max_clients;	/* how many connections there may be at once, to all workers */
	struct clients_share share;	/* which worker this is; all zero where there is one process */
	struct renditions_sizes sizes;	/* what is kept of the events for clients */
	uint64_t stale;		/* seconds in which a certificate must come for good health; 0: any */
	struct door *door;	/* with its hash; who may come in */
	struct tls *tls;	/* NULL: plain HTTP; Unix sockets are plain in any case */
};

/*
 * Listens and begins to serve in loop, which must live until server_free. options is
 * read only now. Returns the server, or NULL with errno when the loop cannot wait for its sockets.
 */
struct server *server_open(struct loop *loop, const struct server_options *options);

/* Returns true once server_stop has been called. */
bool server_is_stopping(const struct server *s);

/* Reads the certificate, its key and the token file again. What is wrong with them is told. */
void server_reload(struct server *s);

/* Closes all connections at once, without close frames, and frees everything. */
void server_free(struct server *s);

/* Returns the number of the port that the server listens on, or 0 when there is none. */
unsigned server_port(const struct server *s);

/* Returns what the server serves; it belongs to the server. */
const struct site *server_site(const struct server *s);

/*
 * Takes line, a record that the hub has kept from before, without its LF, and its place. It is sent
 * to clients that come back. To be called before server_begin, for the oldest record first.
 */
void server_take_old(struct server *s, struct bus_place place, struct span line);

/*
 * Notes that the next record of the bus will have this place, and that all older ones have been
 * taken. From now on, if not before, connections are accepted. Clients that come back with the place
 * of the last record they had are sent nothing before it.
 */
void server_begin(struct server *s, struct bus_place place);

/*
 * Takes line, the next record of the bus, without its LF, and its place there, with epoch 0 where
 * that is not known. line need not last.
 */
void server_take(struct server *s, struct bus_place place, struct span line);

/*
 * Counts the records that the bus has lost before the next one, warns of them, and tells
 * clients.
 */
void server_missed(struct server *s, uint64_t records);

/* Ends a batch of records: what they have put into the streams is sent to few at once, else in a round. */
void server_settle(struct server *s);

/* Sets the state of the connection to the hub; HEALTH_HUB_AWAY holds until the first call. */
void server_hub_is(struct server *s, enum health_hub hub);

/*
 * Notes that the hub is there, and takes the count lives that it has named: see journal_learn. Until
 * then, and while the hub is away, clients wait that come back with a place of a life that is not known.
 */
void server_learn(struct server *s, const struct bus_place *lives, size_t count);

/* Notes that something has just come from the hub, be it records or a sign of life. */
void server_hub_heard(struct server *s);

/*
 * Begins the end: stops listening, sends every WebSocket a close frame with 1001, and
 * stops the loop when all clients have gone, or after SERVER_STOP_MS. Further calls do nothing.
 */
void server_stop(struct server *s);

#endif
