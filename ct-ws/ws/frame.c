/*
 * Writes WebSocket frames and takes those of clients apart.
 *
 * in: payloads to frame, and the bytes that clients send
 * out: frames, and what the frames of clients ask for
 * standard: RFC 6455 sections 5 and 7.4
 */
#include "ct-ws/ws/frame.h"

size_t
frame_head(uint8_t out[FRAME_HEAD], unsigned opcode, uint64_t n)
{
	unsigned bytes = n < 126 ? 0 : n < 65536 ? 2 : 8;

	out[0] = (uint8_t)(0x80 | opcode);
	out[1] = (uint8_t)(bytes == 0 ? n : bytes == 2 ? 126 : 127);
	for (unsigned i = 0; i < bytes; i++)
		out[2 + i] = (uint8_t)(n >> 8 * (bytes - 1 - i));
	return 2 + bytes;
}

void
frame_put(struct buf *b, unsigned opcode, struct span payload)
{
	uint8_t head[FRAME_HEAD];

	buf_put(b, span_of(head, frame_head(head, opcode, payload.n)));
	buf_put(b, payload);
}

void
frame_put_close(struct buf *b, unsigned code, const char *reason)
{
	uint8_t payload[MAX_FRAME_CONTROL] = { (uint8_t)(code >> 8), (uint8_t)code };
	size_t n = strlen(reason);

	if (n > sizeof(payload) - 2)
		n = sizeof(payload) - 2;
	memcpy(payload + 2, reason, n);
	frame_put(b, FRAME_CLOSE, span_of(payload, 2 + n));
}

static enum frame_got
frame_bad(struct frame_in *f, unsigned code, const char *why)
{
	f->code = (uint16_t)code;
	f->why = why;
	return FRAME_GOT_BAD;
}

/* The length of the whole head, with the masking key; its first two bytes must have come. */
static size_t
frame_head_length(const struct frame_in *f)
{
	unsigned form = f->head[1] & 0x7f;

	return 2 + (form == 126 ? 2u : form == 127 ? 8u : 0u) + (f->head[1] & 0x80 ? 4u : 0u);
}

static const char *
frame_check_opcode(const struct frame_in *f)
{
	if ((f->head[0] & 0x70) != 0)
		return "5.2: a reserved bit is set";
	switch (f->opcode) {
	case FRAME_CONTINUATION:
		return f->in_message ? NULL : "5.4: a continuation frame outside a fragmented message";
	case FRAME_TEXT:
	case FRAME_BINARY:
		return f->in_message ? "5.4: a new message inside a fragmented one" : NULL;
	case FRAME_CLOSE:
	case FRAME_PING:
	case FRAME_PONG:
		if ((f->head[0] & 0x80) == 0)
			return "5.5: a control frame in fragments";
		return (f->head[1] & 0x7f) > MAX_FRAME_CONTROL ?
		    "5.5: a control frame of more than 125 bytes" : NULL;
	default:
		return "5.2: an unknown opcode";
	}
}

/* Reads the payload length from a whole head. Returns false unless it has the shortest form. */
static bool
frame_length(const struct frame_in *f, uint64_t *n)
{
	unsigned form = f->head[1] & 0x7f;
	unsigned bytes = form == 126 ? 2 : form == 127 ? 8 : 0;

	*n = bytes == 0 ? form : 0;
	for (unsigned i = 0; i < bytes; i++)
		*n = *n << 8 | f->head[2 + i];
	return bytes == 0 || (bytes == 2 ? *n >= 126 : *n >= 65536 && *n >> 63 == 0);
}

/* Checks a whole head and prepares for its payload. Returns FRAME_GOT_NONE or FRAME_GOT_BAD. */
static enum frame_got
frame_begin(struct frame_in *f)
{
	const char *why;

	f->opcode = f->head[0] & 0x0f;
	why = frame_check_opcode(f);
	if (why != NULL)
		return frame_bad(f, FRAME_PROTOCOL_ERROR, why);
	if ((f->head[1] & 0x80) == 0)
		return frame_bad(f, FRAME_PROTOCOL_ERROR, "5.1: a frame that is not masked");
	if (!frame_length(f, &f->left))
		return frame_bad(f, FRAME_PROTOCOL_ERROR, "5.2: a length that is not in the shortest form");
	if (f->left > MAX_FRAME_IN)
		return frame_bad(f, FRAME_TOO_BIG, "a frame of more than 64 KiB");
	if (f->opcode < FRAME_CLOSE)
		f->in_message = (f->head[0] & 0x80) == 0;
	f->control_n = 0;
	f->in_payload = true;
	return FRAME_GOT_NONE;
}

/* Section 7.4: whether a Close may carry this code. */
static bool
frame_code_is_sendable(unsigned code)
{
	return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
	    (code >= 3000 && code <= 4999);
}

static enum frame_got
frame_end(struct frame_in *f)
{
	f->head_n = 0;
	f->in_payload = false;
	switch (f->opcode) {
	case FRAME_PING:
		return FRAME_GOT_PING;
	case FRAME_PONG:
		return FRAME_GOT_PONG;
	case FRAME_CLOSE:
		f->code = FRAME_NO_STATUS;
		if (f->control_n == 0)
			return FRAME_GOT_CLOSE;
		f->code = (uint16_t)(f->control[0] << 8 | f->control[1]);
		if (f->control_n == 1 || !frame_code_is_sendable(f->code))
			return frame_bad(f, FRAME_PROTOCOL_ERROR, "7.4: a close code that must not be sent");
		return FRAME_GOT_CLOSE;
	default:
		return FRAME_GOT_TEXT;
	}
}

static void
frame_take_payload(struct frame_in *f, struct span *bytes)
{
	size_t n = bytes->n < f->left ? bytes->n : (size_t)f->left;
	const uint8_t *key = f->head + f->head_n - 4;

	if (f->opcode >= FRAME_CLOSE)
		for (size_t i = 0; i < n; i++, f->control_n++)
			f->control[f->control_n] = bytes->p[i] ^ key[f->control_n & 3];
	f->left -= n;
	*bytes = span_from(*bytes, n);
}

enum frame_got
frame_next(struct frame_in *f, struct span *bytes)
{
	while (bytes->n > 0 && !f->in_payload) {
		f->head[f->head_n++] = bytes->p[0];
		*bytes = span_from(*bytes, 1);
		if (f->head_n >= 2 && f->head_n == frame_head_length(f) &&
		    frame_begin(f) == FRAME_GOT_BAD)
			return FRAME_GOT_BAD;
	}
	if (!f->in_payload)
		return FRAME_GOT_NONE;
	frame_take_payload(f, bytes);
	return f->left == 0 ? frame_end(f) : FRAME_GOT_NONE;
}
