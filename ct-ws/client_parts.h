/*
 * What the files of a client share, and nobody else uses: client.c has its beginning and end,
 * client_door.c what it passes before it may ask, client_http.c its requests, and client_stream.c the
 * stream that may come of one.
 */
#ifndef CT_WS_CLIENT_PARTS_H
#define CT_WS_CLIENT_PARTS_H

#include "ct-ws/client.h"

/* Gives the client ms milliseconds from now on for the state that it is in. */
void client_due(struct client *c, unsigned ms);

/*
 * Reads at most `most` bytes into the scratch of clients. Returns how many, or 0 when none had
 * come, or -1 when the other side is gone; then the client is closed.
 */
ptrdiff_t client_receive(struct client *c, size_t most);

/*
 * Makes the loop wait for what the client sends, unless the client waits for its filter; and with write
 * true also for room in its socket.
 */
void client_want(struct client *c, bool write);

/* Closes the client because the other side has gone. */
void client_gone(struct client *c);

/* ---- requests ---- */

/* Reads requests in the state CLIENT_REQUEST, and answers them. */
void client_read_request(struct client *c);

/* Answers the requests that have come, each when the answer to the one before is sent. */
void client_take_bytes(struct client *c);

/*
 * Sends what is left of an answer, in the state CLIENT_ANSWER. Returns true when all is sent and the
 * next request may come.
 */
bool client_send_answer(struct client *c);

/* ---- streams ---- */

/*
 * Begins to send the stream that the reader of c has joined, behind accept, the head of the answer. state
 * is CLIENT_WEBSOCKET or CLIENT_STREAM; gz is the parameter of websocket_open.
 */
void client_begin_stream(struct client *c, enum client_state state, struct gz *gz,
    struct span accept);

/*
 * Takes bytes that the client has sent over its WebSocket, which may be those in c->bytes. What cannot
 * be taken yet is in c->bytes then.
 */
void client_take_frames(struct client *c, struct span bytes);

/* Goes on with a WebSocket that has waited for its filter, when something has been compiled. */
void client_stream_go_on(struct client *c);

/* Reads what has come while a stream is sent, or is ending. */
void client_read_stream(struct client *c);

/* Goes on with a stream whose socket is ready for events, which are those of struct loop_fd. */
void client_stream_ready(struct client *c, unsigned events);

/*
 * client_stream_second is to be called once a second: ends the stream when its time is over. now is
 * loop_now, in ms. client_stream_stop begins the end of the stream, because the server ends.
 */
void client_stream_second(struct client *c, uint64_t now);
void client_stream_stop(struct client *c);

#endif
