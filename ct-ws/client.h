/*
 * A connection and its life: HTTP requests and their answers, then perhaps a
 * WebSocket until one side closes it; and all connections of one server
 * together. What a client sends is not trusted, and in every state it has a
 * deadline.
 */
#ifndef CT_WS_CLIENT_H
#define CT_WS_CLIENT_H

#include "ct-ws/site.h"
#include "enc/hash.h"
#include "os/loop.h"

enum {
	CLIENT_REQUEST_MS = 10 * 1000,	/* for the head of a request, from its first byte on */
	CLIENT_IDLE_MS = 60 * 1000,	/* between two requests */
	CLIENT_ANSWER_MS = 10 * 1000,	/* for an answer to make headway */
	CLIENT_SILENT_MS = 75 * 1000,	/* for a WebSocket that is not behind to send a pong or more */
	CLIENT_END_MS = 2 * 1000,	/* for a close frame to go and its answer to come */
	CLIENT_SCRATCH = 16 * 1024,	/* bytes read from a client at once */
};

struct client;

/* All connections of one server, and what they share. */
struct clients {
	struct loop *loop;		/* borrowed */
	struct site *site;		/* borrowed; what they ask for */
	struct hash *hash;		/* owned; for handshakes */
	struct client **open;		/* owned; [0, count) */
	size_t count, most;
	struct client *dead;		/* list of those that are closed and not freed yet */
	uint64_t last_number;		/* of the client opened last */
	bool stopping;
	void (*gone)(void *cookie);	/* of clients_stop */
	void *cookie;
	uint8_t scratch[CLIENT_SCRATCH];	/* what has just been read from one of them */
};

/*
 * Begins without a connection, with room for most of them. loop and site must
 * live until clients_free; the streams of site must have been opened with
 * client_calls.
 */
void clients_init(struct clients *, struct loop *loop, struct site *site, size_t most);

/* Closes all connections at once and frees everything. */
void clients_free(struct clients *);

/* To be called once a second: ends those that are overdue. now is loop_now. */
void clients_check(struct clients *, uint64_t now);

/*
 * Begins the end: a WebSocket gets its close frame, an answer is finished, and
 * all other connections are closed. Calls gone with cookie once, when the last
 * one has gone, which may be within this call. Call at most once.
 */
void clients_stop(struct clients *, void (*gone)(void *cookie), void *cookie);

/*
 * Takes over fd, the descriptor of a new connection, which must not block.
 * There must be room: count < most. Where the loop cannot wait for fd, this is
 * told as a warning and fd is closed.
 */
void client_open(struct clients *, int fd);

/* What the streams of a site call for their readers; all of these are clients. */
extern const struct stream_calls client_calls;

#endif
