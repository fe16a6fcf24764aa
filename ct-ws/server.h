/*
 * The server: who listens, all connections, the three streams, the clock's
 * part (tick, pings, heartbeats, deadlines), and the way out. feed.c gives it
 * what the bus brings, client.c lives on it.
 */
#ifndef CT_WS_SERVER_H
#define CT_WS_SERVER_H

#include "ct-ws/health.h"
#include "ct-ws/metrics.h"
#include "ct-ws/newest.h"
#include "ct-ws/stream.h"
#include "enc/hash.h"
#include "os/loop.h"

struct client;

enum {
	SERVER_TICK_MS = 20,		/* the longest an event waits for company */
	SERVER_FEW = 64,		/* up to so many who can be sent to, it does not wait */
	SERVER_HEARTBEAT = 10,		/* seconds without a text: certstream-go gives up at 15 */
	SERVER_PING = 30,		/* seconds between pings to everyone */
	SERVER_STOP_MS = 1500,		/* for the clients to hear of the end */
	SERVER_SCRATCH = 16 * 1024,	/* bytes read from a client at once */
};

struct server {
	struct loop *loop;
	struct hash *hash;
	struct loop_fd listener;	/* fd is -1 while closed */
	struct loop_timer tick, second, last;
	bool tick_runs;
	bool stopping;
	unsigned seconds;		/* since the last ping to everyone */
	unsigned idle[FORMS];	/* seconds without a text */
	uint64_t texts[FORMS];	/* as of the last second */
	struct stream streams[FORMS];
	struct newest newest;
	struct metrics metrics;
	struct health health;
	struct client **clients;	/* owned; all that are open */
	size_t count, max;
	struct client *dead;		/* closed, to be freed when none of their calls is running */
	uint64_t next_number;
	uint8_t scratch[SERVER_SCRATCH];
};

struct server_options {
	const char *address;	/* NULL: all, of IPv6 and IPv4 */
	const char *port;	/* a number */
	size_t max_clients;
	size_t ring;		/* bytes, full and lite; domains has a quarter */
};

/* Listens and starts. NULL with errno, or with a static text in why where errno says nothing. */
struct server *server_open(struct loop *, const struct server_options *, const char **why);
void server_free(struct server *);
unsigned server_port(const struct server *);	/* that it listens on */

/*
 * What the reader of the bus reports. server_take: line is the next record, without its LF; it need
 * not last. server_missed: so many records were lost before the next one; the clients of every
 * stream are told by a record "skipped". server_settle: the last of several records has been given;
 * what they made is sent now or within SERVER_TICK_MS.
 */
void server_take(struct server *, struct span line);
void server_missed(struct server *, uint64_t records);
void server_settle(struct server *);

/*
 * The state of the connection to the hub, for /health/deep, /metrics and the page: server_hub_is sets
 * it (HEALTH_HUB_AWAY until the first call), server_hub_heard says that something came from the hub
 * just now, be it records or only where the hub is.
 */
void server_hub_is(struct server *, enum health_hub);
void server_hub_heard(struct server *);

/* Closes the door, tells all clients (1001), ends the loop when they are gone or out of time. */
void server_stop(struct server *);

void server_put_metrics(struct server *, struct buf *);
void server_put_health(struct server *, struct buf *);

/* client.c's: keeps it among the open ones, moves it to the dead, frees these. */
void server_adopt(struct server *, struct client *);
void server_bury(struct server *, struct client *);
void server_clear_dead(struct server *);

#endif
