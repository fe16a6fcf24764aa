/*
 * Writes WebSocket frames, and takes those of clients apart.
 *
 * in: payloads to frame, and the bytes that clients send
 * out: frames, and what the frames of clients ask for
 * standard: RFC 6455 sections 5 and 7.4, RFC 7692 section 6
 */
#include "ct-ws/ws/frame.h"

enum { FRAME_PIECE = 1024 };	/* bytes that are unmasked at a time */

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

/* RFC 7692 section 6: RSV1 belongs to the first frame of a compressed message. */
static bool
frame_reserved_is_right(const struct frame_in *f)
{
	unsigned reserved = f->head[0] & 0x70;

	return reserved == 0 || (reserved == FRAME_DEFLATED && f->gz != NULL &&
	    (f->opcode == FRAME_TEXT || f->opcode == FRAME_BINARY));
}

static const char *
frame_check_opcode(const struct frame_in *f)
{
	if (!frame_reserved_is_right(f))
		return "5.2: a reserved bit is set";
	switch (f->opcode) {
	case FRAME_CONTINUATION:
		return f->message.is_open ? NULL :
		    "5.4: a continuation frame outside a fragmented message";
	case FRAME_TEXT:
	case FRAME_BINARY:
		return f->message.is_open ? "5.4: a new message inside a fragmented one" : NULL;
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

/* Returns none for MESSAGE_GOOD, or else FRAME_GOT_BAD with what is wrong. */
static enum frame_got
frame_judge(struct frame_in *f, enum message_got got, enum frame_got none)
{
	switch (got) {
	case MESSAGE_NOT_UTF8:
		return frame_bad(f, FRAME_NOT_CONSISTENT, "8.1: a text that is not UTF-8");
	case MESSAGE_DAMAGED:
		return frame_bad(f, FRAME_NOT_CONSISTENT,
		    "RFC 7692 7.2.2: a message that cannot be unpacked");
	case MESSAGE_TOO_BIG:
		return frame_bad(f, FRAME_TOO_BIG, "a message of too many bytes");
	default:
		return none;
	}
}

/* Begins a data frame, whose head is whole and has been checked. */
static enum frame_got
frame_begin_data(struct frame_in *f)
{
	if (f->opcode != FRAME_CONTINUATION)
		message_begin(&f->message, f->opcode == FRAME_TEXT,
		    (f->head[0] & FRAME_DEFLATED) != 0);
	return frame_judge(f, message_announce(&f->message, f->left), FRAME_GOT_NONE);
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
	f->turn = 0;
	f->control_n = 0;
	f->in_payload = true;
	return f->opcode < FRAME_CLOSE ? frame_begin_data(f) : FRAME_GOT_NONE;
}

/* Section 7.4: whether a Close may carry this code. */
static bool
frame_code_is_sendable(unsigned code)
{
	return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
	    (code >= 3000 && code <= 4999);
}

static enum frame_got
frame_end_close(struct frame_in *f)
{
	f->code = FRAME_NO_STATUS;
	if (f->control_n == 0)
		return FRAME_GOT_CLOSE;
	f->code = (uint16_t)(f->control[0] << 8 | f->control[1]);
	if (f->control_n == 1 || !frame_code_is_sendable(f->code))
		return frame_bad(f, FRAME_PROTOCOL_ERROR, "7.4: a close code that must not be sent");
	if (!utf8_is(span_of(f->control + 2, f->control_n - 2u)))
		return frame_bad(f, FRAME_NOT_CONSISTENT, "5.5.1: a close reason that is not UTF-8");
	return FRAME_GOT_CLOSE;
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
		return frame_end_close(f);
	default:
		if ((f->head[0] & 0x80) == 0)
			return FRAME_GOT_NONE;
		return frame_judge(f, message_end(&f->message, f->gz),
		    f->message.is_text ? FRAME_GOT_TEXT : FRAME_GOT_BINARY);
	}
}

/* Unmasks the first n bytes of *bytes into out, and moves *bytes behind them. */
static void
frame_unmask(struct frame_in *f, uint8_t *out, struct span *bytes, size_t n)
{
	const uint8_t *key = f->head + f->head_n - 4;
	uint8_t keys[8];
	uint64_t mask, eight;
	size_t i;

	for (i = 0; i < sizeof(keys); i++)
		keys[i] = key[(f->turn + i) & 3];
	memcpy(&mask, keys, sizeof(mask));
	for (i = 0; n - i >= sizeof(eight); i += sizeof(eight)) {
		memcpy(&eight, bytes->p + i, sizeof(eight));
		eight ^= mask;
		memcpy(out + i, &eight, sizeof(eight));
	}
	for (; i < n; i++)
		out[i] = bytes->p[i] ^ keys[i & 7];
	f->turn = (uint8_t)((f->turn + n) & 3);
	f->left -= n;
	*bytes = span_from(*bytes, n);
}

/* Takes some of the payload that has come. Returns FRAME_GOT_NONE or FRAME_GOT_BAD. */
static enum frame_got
frame_take_payload(struct frame_in *f, struct span *bytes)
{
	size_t n = bytes->n < f->left ? bytes->n : (size_t)f->left;
	uint8_t piece[FRAME_PIECE];

	if (f->opcode >= FRAME_CLOSE) {
		frame_unmask(f, f->control + f->control_n, bytes, n);
		f->control_n = (uint8_t)(f->control_n + n);
		return FRAME_GOT_NONE;
	}
	if (!f->message.is_text) {
		f->left -= n;
		*bytes = span_from(*bytes, n);
		return FRAME_GOT_NONE;
	}
	if (n > sizeof(piece))
		n = sizeof(piece);
	frame_unmask(f, piece, bytes, n);
	return frame_judge(f, message_put(&f->message, span_of(piece, n)), FRAME_GOT_NONE);
}

/* Takes bytes of a head. Returns FRAME_GOT_NONE or FRAME_GOT_BAD. */
static enum frame_got
frame_take_head(struct frame_in *f, struct span *bytes)
{
	f->head[f->head_n++] = bytes->p[0];
	*bytes = span_from(*bytes, 1);
	return f->head_n >= 2 && f->head_n == frame_head_length(f) ? frame_begin(f) : FRAME_GOT_NONE;
}

enum frame_got
frame_next(struct frame_in *f, struct span *bytes)
{
	enum frame_got got = FRAME_GOT_NONE;

	if (!f->message.is_open)
		message_free(&f->message);
	while (got == FRAME_GOT_NONE && bytes->n > 0) {
		got = f->in_payload ? frame_take_payload(f, bytes) : frame_take_head(f, bytes);
		if (got == FRAME_GOT_NONE && f->in_payload && f->left == 0)
			got = frame_end(f);
	}
	return got;
}

bool
frame_text(const struct frame_in *f, struct span *text)
{
	*text = buf_span(&f->message.kept);
	return !f->message.is_long;
}

void
frame_free(struct frame_in *f)
{
	message_free(&f->message);
}
