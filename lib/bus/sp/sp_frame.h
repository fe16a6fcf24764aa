/*
 * The wire of SP, the Scalability Protocols that nanomsg and nng speak. On a connection each side
 * first sends a greeting of eight bytes, which names its protocol, and then messages, each behind
 * its length. Sources: sp-tcp-mapping-01, and for local sockets nng_ipc(7), where one more byte
 * comes first. Nothing here does I/O.
 */
#ifndef BUS_SP_SP_FRAME_H
#define BUS_SP_SP_FRAME_H

#include "base/span.h"

enum {
	SP_GREETING = 8,	/* bytes */
	SP_LENGTH = 8,		/* bytes of the length in front of a message */
	SP_HEAD = 1 + SP_LENGTH,	/* bytes in front of a message; over tcp the first is left out */
};

/*
 * The route with which we send a question: one word of four bytes. Its highest bit marks the end of the
 * route, and the rest, which tells questions apart, is always 1: each connection carries one at a time.
 */
#define SP_ASKED SPAN("\x80\0\0\1")

/* The protocols. A PUB socket talks to SUB sockets, REQ to REP, and PUSH to PULL. */
enum sp_protocol {
	SP_PUB = 0x20,
	SP_SUB = 0x21,
	SP_REQ = 0x30,
	SP_REP = 0x31,
	SP_PUSH = 0x50,
	SP_PULL = 0x51,
};

/* What stands at the front of bytes that have been read. */
enum sp_got {
	SP_MESSAGE,	/* a whole message */
	SP_PART,	/* a message that is not whole yet */
	SP_BROKEN,	/* something that is not a message, or one that is longer than allowed */
};

/* Returns the protocol that belongs to this protocol, as SP_SUB belongs to SP_PUB. */
enum sp_protocol sp_frame_peer(enum sp_protocol protocol);

/* Writes the greeting of a socket of this protocol into out. */
void sp_frame_greet(uint8_t out[SP_GREETING], enum sp_protocol protocol);

/* Returns true when greeting, of SP_GREETING bytes, is that of a socket of this protocol. */
bool sp_frame_greets(const uint8_t *greeting, enum sp_protocol protocol);

/*
 * Writes what stands in front of a message of n bytes on a local socket into out. On a tcp
 * connection the first byte is left out.
 */
void sp_frame_head(uint8_t out[SP_HEAD], size_t n);

/*
 * Looks at bytes, what has been read of a connection (over tcp when tcp is true). Returns
 * SP_MESSAGE, with *message set to the bytes of the message and *frame to how many bytes it takes
 * with its head; SP_PART, with *frame set to how many bytes it will take, or to 0 when that is not
 * known yet; or SP_BROKEN. most is how many bytes a message may have.
 */
enum sp_got sp_frame_next(struct span bytes, bool tcp, size_t most, struct span *message, size_t *frame);

/*
 * Splits message, a question or an answer, into its route and its text. The route is a row of
 * words of four bytes, of which the last has its highest bit set; an answer begins with the route
 * of its question. Returns the bytes of the route, or 0 when message has none, or one of more than
 * eight words.
 */
size_t sp_frame_route(struct span message);

#endif
