/*
 * Decides whether a WebSocket is opened, and answers when it is.
 *
 * in: a request that asks for an upgrade to websocket
 * out: the answer 101, or the reason for a refusal
 * standard: RFC 6455 sections 4.2.1 and 4.2.2
 */
#include "ct-ws/ws/handshake.h"

#include "enc/b64.h"

enum { HANDSHAKE_KEY = 24 };	/* characters: 16 bytes in base64 */

const char *
handshake_check(const struct request *r, unsigned *status)
{
	uint8_t nonce[HANDSHAKE_KEY];

	*status = 405;
	if (r->method != REQUEST_GET)
		return "a WebSocket is opened with GET";
	*status = 426;
	if (!span_eq(r->version, SPAN("13")))
		return "only version 13 of WebSocket is spoken here";
	*status = 400;
	if (r->key.n != HANDSHAKE_KEY || b64_take(nonce, r->key) != 16)
		return "Sec-WebSocket-Key is not 16 bytes in base64";
	return NULL;
}

void
handshake_put(struct buf *out, struct hash *hash, struct span key, const char *extensions)
{
	uint8_t digest[HASH_SHA1];
	struct buf proof;

	buf_init(&proof);
	buf_put(&proof, key);
	buf_puts(&proof, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
	hash_sha1(hash, buf_span(&proof), digest);
	buf_free(&proof);
	buf_puts(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Accept: ");
	b64_put(out, span_of(digest, sizeof(digest)));
	if (extensions != NULL)
		buf_putf(out, "\r\nSec-WebSocket-Extensions: %s", extensions);
	buf_puts(out, "\r\n\r\n");
}
