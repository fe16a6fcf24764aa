/*
 * A client: one connection, from the first HTTP request to its end. It gets answers to its
 * requests, and may turn into a WebSocket or into an answer without end, which last until one
 * side closes them. What a client sends is not trusted, and it must get on within a time limit in
 * every state.
 */
#ifndef CT_WS_CLIENT_H
#define CT_WS_CLIENT_H

#include "ct-ws/clients.h"
#include "ct-ws/door/door.h"
#include "ct-ws/websocket.h"

enum {
	CLIENT_REQUEST_MS = 10 * 1000,	/* from a request's first byte to the end of its head */
	CLIENT_SPARE_MS = 2 * 1000,	/* in which a client for which there is no room must send a request */
	CLIENT_WAIT_MS = 60 * 1000,	/* in which the filter that it asks for must be compiled */
	CLIENT_IDLE_MS = 60 * 1000,	/* from the end of an answer to the next request */
	CLIENT_ANSWER_MS = 10 * 1000,	/* in which the client must take a part of its answer */
	CLIENT_ANSWER_ALL_MS = 60 * 1000,	/* in which it must take all of it */
	CLIENT_SILENT_MS = 90 * 1000,	/* in which a WebSocket not behind must send something */
	CLIENT_END_MS = 2 * 1000,	/* from our close frame to that of the client */
};

enum client_state {
	CLIENT_PROXY,		/* the header of a proxy is read */
	CLIENT_HANDSHAKE,	/* TLS begins */
	CLIENT_REQUEST,		/* a request is read */
	CLIENT_ANSWER,		/* an answer is sent */
	CLIENT_WEBSOCKET,	/* ws is open */
	CLIENT_STREAM,		/* an answer without end is sent; reader has joined */
	CLIENT_FAREWELL,	/* all is sent; what comes is ignored until the other side ends too */
	CLIENT_DEAD,		/* closed; in clients.dead */
};

struct client {
	struct loop_fd io;
	struct clients *all;
	struct sock sock;
	struct tls *tls;		/* borrowed: what the listener speaks; NULL for nothing */
	struct address from;		/* who has connected, or whom the PROXY header names */
	struct door_pass pass;
	struct reader reader;		/* of a WebSocket or a stream */
	struct websocket ws;
	struct outbox out;		/* what is left of an HTTP answer */
	struct buf bytes;		/* of requests that are not whole or not answered yet */
	uint64_t deadline;		/* ms of the loop's clock */
	uint64_t last_deadline;		/* ms of the loop's clock: when all of the answer must be taken */
	uint64_t number;		/* of the connection, for people */
	uint64_t sent;			/* reader.sent a second ago */
	size_t slot;			/* place in clients.open */
	struct client *next;		/* in clients.dead */
	struct ticket *ticket;		/* owned; of a request that waits for its filter, or NULL */
	struct client *wait_next, **wait_at;	/* in clients.waiting; wait_at NULL: it is not */
	uint8_t state;			/* enum client_state */
	uint8_t stuck;			/* seconds in which it took nothing of what waits for it */
	bool stalled;	/* the socket was writable and took nothing: it is tried again by the clock */
	bool keep_alive;		/* more requests may follow this answer */
	bool is_spare;			/* there was no room when it came: see clients_has_spare */
};

/*
 * Opens a client on fd, the descriptor of a new connection from the address `from`, which does
 * not block and which the client closes at its end. There must be room, or a spare one. When the loop
 * cannot wait for fd, warns and closes fd.
 */
void client_open(struct clients *all, int fd, const struct address *from);

/*
 * Refuses the client for the reason why: sends the answer for it, ends the connection behind that, and
 * counts why. head_only says that the request was HEAD, so that the answer has no body. A connection
 * on which TLS should begin, and has not, is closed without an answer.
 */
void client_turn_away(struct client *c, enum door_why why, bool head_only);

/*
 * Ends a connection on which all has been sent: this side is closed, and what still comes is read
 * and forgotten until the other side ends too.
 */
void client_farewell(struct client *c);

/* Ends the connection at once; with drop, the kernel throws away what it still holds for it. */
void client_close(struct client *c, bool drop);

/* Goes on with a client that has waited, when something has been compiled. */
void client_go_on(struct client *c);

/* To be called once a second: ends the client when its time is over. now is loop_now, in ms. */
void client_check(struct client *c, uint64_t now);

/* Begins the end of the client, because the server ends. */
void client_stop(struct client *c);

/* Returns how many bytes the kernel may hold for the client because it does not read. */
size_t client_holds(const struct client *c);

/* The functions that renditions call for their readers, each of which is one of a client. */
extern const struct rendition_calls client_calls;

#endif
