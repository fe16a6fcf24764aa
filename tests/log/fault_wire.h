/*
 * How a response is sent: as it should be, or as broken networks and servers send it. A
 * struct fault_wire of zeros sends it as it should be.
 */
#ifndef LOG_FAULT_WIRE_H
#define LOG_FAULT_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/log/bytes.h"

enum fault_end {
	FAULT_END_WHOLE,	/* the body is sent to its end */
	FAULT_END_CUT,		/* the connection is closed within the body */
	FAULT_END_STALL,	/* nothing follows within the body, and the connection stays open */
	FAULT_END_MUTE,		/* not even a header is sent, and the connection stays open */
	FAULT_END_RESET,	/* the connection is reset before anything was sent */
	FAULT_END_ENDLESS	/* what follows the body, which is chunked, never ends */
};

struct fault_wire {
	unsigned latency;	/* ms from the request to the first byte of the answer */
	enum fault_end end;
	uint64_t keep;		/* bytes of the body that a cut or a stall lets through */
	unsigned percent;	/* if not 0: the part of the body that is let through, in place of keep */
	unsigned drip;		/* if not 0: how many bytes of the body are sent at a time */
	unsigned drip_pause;	/* ms from one time to the next */
	bool chunked;		/* the body goes in chunks (RFC 9112 section 7.1), without Content-Length */
	bool gzip;		/* the body is compressed, whatever was asked for */
	bool unsaid;		/* and no Content-Encoding says so */
	const char *coding;	/* a Content-Encoding that is said, whether true or not, or NULL */
};

/* Sleeps for the latency. */
void fault_wire_wait(const struct fault_wire *w);
/*
 * Sends header and body over fd as the fault w says. *sent is set to the bytes of the body that went
 * out. Returns true when the connection can take another request, or false when it has to
 * be closed. With a stall it returns when the client has closed the connection.
 */
bool fault_wire_send(int fd, const struct fault_wire *w, const struct bytes *header,
    const struct bytes *body, uint64_t *sent);

#endif
