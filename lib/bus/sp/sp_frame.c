/*
 * Reads and writes the frames of SP. In: bytes of a connection, or the length of a message. Out: a
 * message, or the bytes that go in front of it. Standard: sp-tcp-mapping-01, nng_ipc(7).
 */
#include "bus/sp/sp_frame.h"

enum {
	SP_IPC_MESSAGE = 1,	/* the first byte of a message on a local socket */
	SP_HOP = 4,		/* bytes of a word of a route */
	MAX_SP_HOPS = 8,	/* words of a route: the limit of SP */
};

enum sp_protocol
sp_frame_peer(enum sp_protocol protocol)
{
	return protocol ^ 1;	/* their numbers come in pairs */
}

void
sp_frame_greet(uint8_t out[SP_GREETING], enum sp_protocol protocol)
{
	const uint8_t greeting[SP_GREETING] = { 0, 'S', 'P', 0, 0, (uint8_t)protocol, 0, 0 };

	memcpy(out, greeting, SP_GREETING);
}

bool
sp_frame_greets(const uint8_t *greeting, enum sp_protocol protocol)
{
	uint8_t wanted[SP_GREETING];

	sp_frame_greet(wanted, protocol);
	return memcmp(greeting, wanted, SP_GREETING) == 0;
}

void
sp_frame_head(uint8_t out[SP_HEAD], size_t n)
{
	out[0] = SP_IPC_MESSAGE;
	for (int i = 0; i < SP_LENGTH; i++)
		out[1 + i] = (uint8_t)((uint64_t)n >> (8 * (SP_LENGTH - 1 - i)));
}

enum sp_got
sp_frame_next(struct span bytes, bool tcp, size_t most, struct span *message, size_t *frame)
{
	size_t head = tcp ? SP_LENGTH : SP_HEAD;
	uint64_t n = 0;

	*frame = 0;
	if (!tcp && bytes.n > 0 && bytes.p[0] != SP_IPC_MESSAGE)
		return SP_BROKEN;
	if (bytes.n < head)
		return SP_PART;
	for (size_t i = head - SP_LENGTH; i < head; i++)
		n = n << 8 | bytes.p[i];
	if (n > most)
		return SP_BROKEN;
	*frame = head + (size_t)n;
	if (bytes.n < *frame)
		return SP_PART;
	*message = span_of(bytes.p + head, (size_t)n);
	return SP_MESSAGE;
}

size_t
sp_frame_route(struct span message)
{
	for (size_t at = 0; at < MAX_SP_HOPS * SP_HOP && at + SP_HOP <= message.n; at += SP_HOP)
		if (message.p[at] & 0x80)
			return at + SP_HOP;
	return 0;
}
