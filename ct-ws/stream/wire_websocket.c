/*
 * Records as WebSocket messages.
 *
 * in: lengths of texts
 * out: heads of frames
 * standard: RFC 6455 section 5.2, RFC 7692 section 7.2.3.1 for the bit of a compressed message
 */
#include "ct-ws/stream/wire.h"

#include "ct-ws/ws/frame.h"

enum { WEBSOCKET_DEFLATED = 0x40 };	/* RSV1 */

static size_t
websocket_head(uint8_t head[WIRE_HEAD], size_t n, bool deflated)
{
	size_t length = frame_head(head, FRAME_TEXT, n);

	if (deflated)
		head[0] |= WEBSOCKET_DEFLATED;
	return length;
}

const struct wire websocket_wire = {
	.name = "websocket",
	.head = websocket_head,
	.alive = { (const uint8_t *)"\x89\0", 2 },	/* a ping without payload */
};
