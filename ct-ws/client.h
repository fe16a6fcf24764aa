/*
 * The life of one connection: HTTP requests and their answers, then perhaps a
 * WebSocket until one side closes it. Nothing it sends is trusted, and no
 * state of it lasts without a deadline.
 */
#ifndef CT_WS_CLIENT_H
#define CT_WS_CLIENT_H

#include "ct-ws/frame.h"
#include "ct-ws/request.h"
#include "ct-ws/server.h"

enum {
	CLIENT_REQUEST_MS = 10 * 1000,	/* for a request's head, from its first byte on */
	CLIENT_IDLE_MS = 60 * 1000,	/* between two requests */
	CLIENT_ANSWER_MS = 10 * 1000,	/* for an answer to make headway */
	CLIENT_SILENT_MS = 75 * 1000,	/* a WebSocket, not behind, from which not even a pong came */
	CLIENT_STUCK_S = 60,		/* a WebSocket that took nothing */
	CLIENT_END_MS = 2 * 1000,	/* for a close frame to go and its answer to come */
	MAX_CLIENT_PONGS = 16,		/* owed to a client at once */
};

enum client_state {
	CLIENT_REQUEST,
	CLIENT_ANSWER,
	CLIENT_STREAM,
	CLIENT_ENDING,		/* its close frame is on the way */
	CLIENT_FAREWELL,	/* all is said; reads until the other side ends too */
	CLIENT_DEAD,
};

struct client {
	struct loop_fd io;
	struct server *server;
	struct stream *stream;		/* in CLIENT_STREAM and CLIENT_ENDING */
	struct reader reader;		/* likewise */
	struct frame_in in;		/* likewise */
	struct outbox out;		/* of CLIENT_ANSWER */
	struct buf bytes;		/* of HTTP, not understood yet */
	uint64_t deadline;		/* ms of the loop's clock */
	uint64_t number;
	uint64_t sent;			/* reader.sent a second ago */
	size_t slot;			/* the server's own */
	struct client *next;		/* among the server's dead */
	uint8_t state;
	uint8_t stuck;			/* seconds blocked with nothing sent */
	uint8_t pongs;			/* put since the outbox was empty */
	bool keep_alive;
	bool closed_by_peer;		/* its close frame came */
};

/* Takes over the descriptor of a connection. */
void client_open(struct server *, int fd);

/* Ends it at once. Its memory lives on until no call of it can be running. */
void client_close(struct client *);

/* Once a second: what is overdue ends. now as loop_now. */
void client_check(struct client *, uint64_t now);

/* The server stops: a WebSocket gets its close frame, an answer is finished, the rest ends. */
void client_stop(struct client *);

/* The events of its readers, for the streams. */
extern const struct stream_calls client_calls;

#endif
