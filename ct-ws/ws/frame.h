/*
 * WebSocket frames (RFC 6455 section 5): those we make, and those that come
 * from clients. A server does not mask its frames, so one that is made once
 * suits every client. Clients must mask theirs.
 */
#ifndef CT_WS_WS_FRAME_H
#define CT_WS_WS_FRAME_H

#include "base/buf.h"

/* Opcodes, section 5.2. */
enum {
	FRAME_CONTINUATION = 0,
	FRAME_TEXT = 1,
	FRAME_BINARY = 2,
	FRAME_CLOSE = 8,
	FRAME_PING = 9,
	FRAME_PONG = 10,
};

/* Codes of a Close, section 7.4.1. */
enum {
	FRAME_GOING_AWAY = 1001,
	FRAME_PROTOCOL_ERROR = 1002,
	FRAME_NO_STATUS = 1005,		/* stands for a Close without a code; never sent */
	FRAME_POLICY = 1008,
	FRAME_TOO_BIG = 1009,
};

enum {
	FRAME_HEAD = 10,		/* most bytes of head in a frame of ours */
	MAX_FRAME_CONTROL = 125,	/* bytes of payload of a control frame, section 5.5 */
	MAX_FRAME_IN = 64 * 1024,	/* bytes of payload: a client may not send one frame for ever */
};

/*
 * Writes the head of a frame to out: one that is the whole message, with
 * opcode and n bytes of payload to follow. The length has the shortest form,
 * as section 5.2 demands. Returns the length of the head in bytes.
 */
size_t frame_head(uint8_t out[FRAME_HEAD], unsigned opcode, uint64_t n);

/* Appends to out a whole frame with opcode and payload. */
void frame_put(struct buf *out, unsigned opcode, struct span payload);

/* Appends to out a Close with its code and reason; the reason is cut after 123 bytes. */
void frame_put_close(struct buf *out, unsigned code, const char *reason);

/* What has been read of the frames of one client. All zero at the start of a connection. */
struct frame_in {
	uint64_t left;			/* payload bytes of this frame still to come */
	uint8_t head[14];		/* of this frame, as far as it has come */
	uint8_t head_n;			/* bytes in head */
	uint8_t opcode;			/* of this frame, once its head is whole */
	bool in_payload;		/* the head is whole */
	bool in_message;		/* a fragmented message has begun and not ended */
	uint8_t control_n;		/* bytes in control */
	uint8_t control[MAX_FRAME_CONTROL];	/* payload of a control frame, unmasked */
	uint16_t code;			/* see enum frame_got */
	const char *why;		/* see enum frame_got; static text */
};

/* What frame_next has found. */
enum frame_got {
	FRAME_GOT_NONE,		/* no further frame has ended: more bytes are needed */
	FRAME_GOT_PING,		/* control and control_n hold its payload */
	FRAME_GOT_PONG,		/* control and control_n hold its payload */
	FRAME_GOT_TEXT,		/* a text, binary or continuation frame, whose payload is not kept */
	FRAME_GOT_CLOSE,	/* code is the client's, or FRAME_NO_STATUS */
	FRAME_GOT_BAD,		/* a rule is broken: close with code, for the reason why */
};

/*
 * Takes bytes off the front of *bytes until a frame ends, a rule is broken or
 * none is left. Returns what it found. After FRAME_GOT_CLOSE and
 * FRAME_GOT_BAD it must not be called again.
 */
enum frame_got frame_next(struct frame_in *, struct span *bytes);

#endif
