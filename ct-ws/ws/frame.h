/*
 * WebSocket frames (RFC 6455 section 5): those we make, and those that come
 * from clients. A server does not mask its frames, so one that is made once
 * suits every client. Clients must mask theirs.
 */
#ifndef CT_WS_WS_FRAME_H
#define CT_WS_WS_FRAME_H

#include "base/buf.h"
#include "ct-ws/ws/message.h"

/* Opcodes, section 5.2. */
enum {
	FRAME_CONTINUATION = 0,
	FRAME_TEXT = 1,
	FRAME_BINARY = 2,
	FRAME_CLOSE = 8,
	FRAME_PING = 9,
	FRAME_PONG = 10,
};

/* RSV1, to be added to the opcode of a message that is compressed (RFC 7692 section 6). */
enum { FRAME_DEFLATED = 0x40 };

/* Codes of a Close, section 7.4.1. */
enum {
	FRAME_GOING_AWAY = 1001,
	FRAME_PROTOCOL_ERROR = 1002,
	FRAME_NO_STATUS = 1005,		/* stands for a Close without a code; never sent */
	FRAME_NOT_CONSISTENT = 1007,	/* such as a text that is not UTF-8 */
	FRAME_POLICY = 1008,
	FRAME_TOO_BIG = 1009,
};

enum {
	FRAME_HEAD = 10,		/* most bytes of head in a frame of ours */
	MAX_FRAME_CONTROL = 125,	/* bytes of payload of a control frame, section 5.5 */
};

/*
 * Writes the head of a frame to out: one that is the whole message, with
 * opcode (and FRAME_DEFLATED, where that is so) and n bytes of payload to
 * follow. The length has the shortest form, as section 5.2 demands. Returns
 * the length of the head in bytes.
 */
size_t frame_head(uint8_t out[FRAME_HEAD], unsigned opcode, uint64_t n);

/* Appends to out a whole frame with opcode and payload. */
void frame_put(struct buf *out, unsigned opcode, struct span payload);

/* Appends to out a Close with its code and reason; the reason is cut after 123 bytes. */
void frame_put_close(struct buf *out, unsigned code, const char *reason);

/* What has been read of the frames of one client. All zero at the start of a connection. */
struct frame_in {
	struct gz *gz;			/* borrowed; see frame_next */
	uint64_t left;			/* payload bytes of this frame still to come */
	struct message message;		/* the data frames' payloads, as far as they have come */
	uint8_t head[14];		/* of this frame, as far as it has come */
	uint8_t head_n;			/* bytes in head */
	uint8_t opcode;			/* of this frame, once its head is whole */
	uint8_t turn;			/* which byte of the masking key is next */
	bool in_payload;		/* the head is whole */
	uint8_t control_n;		/* bytes in control */
	uint8_t control[MAX_FRAME_CONTROL];	/* payload of a control frame, unmasked */
	uint16_t code;			/* see enum frame_got */
	const char *why;		/* see enum frame_got; static text */
};

/* What frame_next has found. */
enum frame_got {
	FRAME_GOT_NONE,		/* all bytes are taken, and nothing of what follows was found */
	FRAME_GOT_PING,		/* control and control_n hold its payload */
	FRAME_GOT_PONG,		/* control and control_n hold its payload */
	FRAME_GOT_TEXT,		/* a text message: see frame_text */
	FRAME_GOT_BINARY,	/* a binary message, which is not kept */
	FRAME_GOT_CLOSE,	/* code is the client's, or FRAME_NO_STATUS */
	FRAME_GOT_BAD,		/* a rule is broken: close with code, for the reason why */
};

/*
 * Takes bytes off the front of *bytes until a message or a control frame ends, a rule is broken or
 * none is left. Returns what it found. A text must be UTF-8, and is refused at the first byte that
 * makes this impossible; when it is compressed, at its end. Where permessage-deflate has been
 * agreed, gz must be of the form GZ_MESSAGE; one serves all connections. Where gz is NULL, no
 * message may be compressed. After FRAME_GOT_CLOSE and FRAME_GOT_BAD it must not be called again.
 */
enum frame_got frame_next(struct frame_in *f, struct span *bytes);

/*
 * After FRAME_GOT_TEXT: gives the text, unpacked, in *text, which is valid until frame_next or
 * frame_free is called. Returns true, or false when it is too long to be kept: it, or what it was
 * unpacked from, has more than MAX_MESSAGE_KEPT bytes. Then *text has its first MESSAGE_FIRST bytes;
 * or nothing where its compressed form is that long, which has not been checked.
 */
bool frame_text(const struct frame_in *f, struct span *text);

/* Frees the memory of a message, of which there is some only where one has begun to come. */
void frame_free(struct frame_in *f);

#endif
