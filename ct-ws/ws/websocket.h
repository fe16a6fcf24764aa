/*
 * The server's end of one WebSocket (RFC 6455): it reads a stream, answers
 * pings, and is closed in order. The owner has the socket and the deadlines,
 * and is told through the calls of the stream when to wait for room in the
 * socket and when all is over. Any function here that sends may lead to those
 * calls, and may therefore have ended the WebSocket when it returns.
 */
#ifndef CT_WS_WS_WEBSOCKET_H
#define CT_WS_WS_WEBSOCKET_H

#include "ct-ws/ws/frame.h"
#include "ct-ws/site/metrics.h"
#include "ct-ws/stream/stream.h"

enum {
	WEBSOCKET_STUCK_S = 60,		/* seconds: a client must take something within them */
	MAX_WEBSOCKET_PONGS = 16,	/* pongs that may wait for one client */
};

/* All zero before it is opened. */
struct websocket {
	struct stream *stream;		/* that is read; NULL while the WebSocket is not open */
	struct reader reader;		/* its place in the stream */
	struct frame_in in;		/* what has come of the client's frames */
	struct metrics *metrics;	/* borrowed; how it ends is counted there */
	uint64_t sent;			/* reader.sent a second ago */
	uint8_t stuck;			/* seconds in which the client took nothing of what waits for it */
	uint8_t pongs;			/* how many have been put since the outbox was empty */
	bool ending;			/* the close frame has been put, behind which nothing follows */
	bool closed_by_peer;		/* the client's close frame has come */
};

/*
 * Opens it on the socket fd, to read stream from the next frame on. accept,
 * the answer to the handshake, is sent first. reader.owner and reader.number
 * must have been set. Only for one that is not open.
 */
void websocket_open(struct websocket *, int fd, struct stream *stream, struct metrics *metrics,
    struct span accept);

/* Leaves the stream at once, without a close frame. Only for one that is open. */
void websocket_leave(struct websocket *);

/*
 * Takes the bytes that came from the client: pings are answered, texts are
 * ignored, and a close frame or a broken rule makes it end. Stops early when
 * it has ended. Only for one that is open and not ending.
 */
void websocket_take(struct websocket *, struct span bytes);

/*
 * Puts a close frame behind the frame that is on its way, as the last one, and
 * sends. code is that of the close frame, or FRAME_NO_STATUS for an empty one;
 * why is its reason; cause is what is counted. Does nothing where it already
 * is ending.
 */
void websocket_end(struct websocket *, unsigned code, const char *why, enum metrics_close cause);

/* Counts cause as that of the end, unless the end has been counted because it is ending. */
void websocket_count(struct websocket *, enum metrics_close cause);

/*
 * To be called once a second. Returns false when the client has taken nothing
 * of what waits for it in WEBSOCKET_STUCK_S seconds, which is then counted.
 */
bool websocket_check(struct websocket *);

#endif
