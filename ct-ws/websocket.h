/*
 * The server's end of one WebSocket (RFC 6455): it answers pings and messages of the client, and
 * is closed in order. What the client reads is the business of its reader, which has joined a
 * rendition. The owner has the socket and the deadlines, and is told through the calls of the
 * rendition when to wait for room in the socket and when all is over. Any function here that sends
 * may lead to those calls, and may therefore have ended the WebSocket when it returns.
 */
#ifndef CT_WS_WEBSOCKET_H
#define CT_WS_WEBSOCKET_H

#include "ct-ws/site/site.h"
#include "ct-ws/ws/frame.h"

enum {
	MAX_WEBSOCKET_ANSWERS = 16,	/* pongs and answers to filters that may wait for one client */
	MAX_WEBSOCKET_ORDERS = 20,	/* filters that a client may send in a second: each is work */
};

struct websocket_order;			/* a filter that is to be put into force */

/* All zero before it is opened. */
struct websocket {
	struct site *site;		/* borrowed; how it ends is counted there */
	struct reader *reader;		/* borrowed; NULL while the WebSocket is not open */
	struct frame_in in;		/* what has come of the client's frames */
	struct websocket_order *order;	/* owned; what the client waits for, or NULL */
	uint8_t answers;		/* how many have been put since the outbox was empty */
	uint8_t orders;			/* filters it has sent in this second */
	bool ending;			/* the close frame has been put, behind which nothing follows */
	bool closed_by_peer;		/* the client's close frame has come */
};

/*
 * Opens w, which must not be open, for reader, which has joined a rendition of the site. gz unpacks what
 * clients send, in the form GZ_MESSAGE; it is NULL when compression was not agreed. accept, the answer
 * to the handshake, is sent first.
 */
void websocket_open(struct websocket *w, struct site *site, struct reader *reader, struct gz *gz,
    struct span accept);

/* Frees what w holds: the part of a message that has come, and the filter that it waits for. */
void websocket_free(struct websocket *w);

/*
 * Takes the bytes that came from the client: pings are answered, a message {"subscribe":{...}} puts
 * another filter into force and is answered by what is in force then, other messages are ignored,
 * and a close frame or a broken rule makes it end. w must be open and not ending. Returns the bytes that
 * have not been taken because w has ended or waits (websocket_waits); else an empty span.
 */
struct span websocket_take(struct websocket *w, struct span bytes);

/*
 * websocket_waits returns true when the filter of the last message has yet to be compiled; nothing
 * may be taken before it is. websocket_go_on, to be called when something has been compiled, puts the
 * filter into force and its answer behind it, if it can; websocket_take sends that.
 */
bool websocket_waits(const struct websocket *w);
void websocket_go_on(struct websocket *w);

/*
 * Puts a close frame behind the frame that is on its way, as the last one, and sends. code is that
 * of the close frame, or FRAME_NO_STATUS for an empty one; why is its reason; cause is what is
 * counted. Does nothing where it already is ending.
 */
void websocket_end(struct websocket *w, unsigned code, const char *why, enum metrics_close cause);

/* To be called once a second: the client may send MAX_WEBSOCKET_ORDERS filters again. */
void websocket_second(struct websocket *w);

/* Counts the end of w by its cause, unless that has been counted when it began to end. */
void websocket_count(struct websocket *w, enum metrics_close cause);

#endif
