/*
 * A client: one connection, from the first HTTP request to its end. It gets answers
 * to its requests, and may turn into a WebSocket, which lasts until one side closes
 * it. struct clients is all connections of one server. What a client sends is not
 * trusted, and it must get on within a time limit in every state.
 */
#ifndef CT_WS_CLIENT_H
#define CT_WS_CLIENT_H

#include "ct-ws/site/site.h"
#include "enc/hash.h"
#include "os/loop.h"

enum {
	CLIENT_REQUEST_MS = 10 * 1000,	/* from a request's first byte to the end of its head */
	CLIENT_IDLE_MS = 60 * 1000,	/* from the end of an answer to the next request */
	CLIENT_ANSWER_MS = 10 * 1000,	/* in which the client must take a part of its answer */
	CLIENT_SILENT_MS = 75 * 1000,	/* in which a WebSocket not behind must send something */
	CLIENT_END_MS = 2 * 1000,	/* from our close frame to that of the client */
	CLIENT_SCRATCH = 16 * 1024,	/* bytes read from a client at once */
};

struct client;

/* All connections of one server, and what they share. */
struct clients {
	struct loop *loop;		/* borrowed */
	struct site *site;		/* borrowed; has what the clients ask for */
	struct hash *hash;		/* owned; for handshakes */
	struct client **open;		/* owned: the first `count` are the open clients */
	size_t count;			/* how many clients are open */
	size_t most;			/* how many may be open at once */
	struct client *dead;		/* list of clients that are closed and not freed yet */
	uint64_t last_number;		/* number of the client opened last, counted from 1 */
	bool stopping;			/* clients_stop has been called */
	void (*gone)(void *cookie);	/* that of clients_stop */
	void *cookie;			/* that of clients_stop */
	uint8_t scratch[CLIENT_SCRATCH];	/* what has just been read from a client */
};

/*
 * Begins without a client. most is how many may be open at once. loop and site must
 * live until clients_free; site must have been opened with client_calls.
 */
void clients_init(struct clients *, struct loop *loop, struct site *site, size_t most);

/* Closes all connections at once, without close frames, and frees everything. */
void clients_free(struct clients *);

/* To be called once a second: ends the clients whose time is over. now is loop_now. */
void clients_check(struct clients *, uint64_t now);

/*
 * Begins the end: sends each WebSocket a close frame, finishes the answers that are
 * being sent, and closes all other connections. gone(cookie) is called once, when the
 * last client has gone, which may be within this call. Call this at most once.
 */
void clients_stop(struct clients *, void (*gone)(void *cookie), void *cookie);

/*
 * Opens a client on fd, the descriptor of a new connection, which does not block and
 * which the client closes at its end. count must be less than most. When the loop
 * cannot wait for fd, warns and closes fd.
 */
void client_open(struct clients *, int fd);

/* The functions that a site calls for the readers of its streams, each of which is a client. */
extern const struct stream_calls client_calls;

#endif
