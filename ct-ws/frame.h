/*
 * WebSocket frames (RFC 6455 section 5): made for clients, and taken from
 * them. Frames of a server are not masked, so one made once is right for
 * every client; frames of a client must be.
 */
#ifndef CT_WS_FRAME_H
#define CT_WS_FRAME_H

#include "base/buf.h"

/* Section 5.2. */
enum {
	FRAME_CONTINUATION = 0,
	FRAME_TEXT = 1,
	FRAME_BINARY = 2,
	FRAME_CLOSE = 8,
	FRAME_PING = 9,
	FRAME_PONG = 10,
};

/* Section 7.4.1. */
enum {
	FRAME_GOING_AWAY = 1001,
	FRAME_PROTOCOL_ERROR = 1002,
	FRAME_NO_STATUS = 1005,		/* never on the wire: the Close was empty */
	FRAME_POLICY = 1008,
	FRAME_TOO_BIG = 1009,
};

enum {
	FRAME_HEAD = 10,		/* most bytes of head in a frame of ours */
	MAX_FRAME_CONTROL = 125,	/* payload of a control frame, section 5.5 */
	MAX_FRAME_IN = 64 * 1024,	/* of a message nobody reads: keeps a client from sending for ever */
};

/*
 * Writes the head of a final frame with n bytes of payload, in the shortest
 * of the three length forms, as section 5.2 wants it. Returns its length.
 */
size_t frame_head(uint8_t out[FRAME_HEAD], unsigned opcode, uint64_t n);

/* A whole frame; a Close with its code and a reason of at most 123 bytes. */
void frame_put(struct buf *, unsigned opcode, struct span payload);
void frame_put_close(struct buf *, unsigned code, const char *reason);

/* What has been read of the frame that is coming in. */
struct frame_in {
	uint64_t left;			/* payload bytes not seen yet */
	uint8_t head[14];
	uint8_t head_n;
	uint8_t opcode;
	bool in_payload;
	bool in_message;		/* a fragmented message has begun */
	uint8_t control_n;
	uint8_t control[MAX_FRAME_CONTROL];
	uint16_t code;			/* of a Close: the client's; of FRAME_GOT_BAD: the one to send */
	const char *why;		/* of FRAME_GOT_BAD, static text */
};

enum frame_got {
	FRAME_GOT_NONE,		/* all of the bytes are used up */
	FRAME_GOT_PING,		/* control and control_n hold its payload */
	FRAME_GOT_PONG,
	FRAME_GOT_TEXT,		/* a text, binary or continuation frame went by unread */
	FRAME_GOT_CLOSE,	/* code; nothing may follow */
	FRAME_GOT_BAD,		/* code and why; the connection must be failed */
};

/* All zero is where a connection begins. Takes from the front of bytes, up to the end of a frame. */
enum frame_got frame_next(struct frame_in *, struct span *bytes);

#endif
