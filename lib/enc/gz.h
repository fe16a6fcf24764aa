/*
 * Unpacks gzip (RFC 1952), zlib (RFC 1950) and bare deflate (RFC 1951),
 * piece by piece as it arrives, or a body or file that is whole in memory. What comes in is not
 * trusted.
 */
#ifndef ENC_GZ_H
#define ENC_GZ_H

#include "base/buf.h"

struct gz;

enum {
	MAX_GZ = 64 << 20,	/* bytes of a log's answer or a log list, unpacked: bounds memory */
};

/* How a stream is packed. */
enum gz_form {
	GZ_GZIP,	/* RFC 1952; several members are one stream */
	GZ_ZLIB,	/* RFC 1950, which HTTP calls deflate */
	GZ_DEFLATE,	/* RFC 1951, which some servers send where HTTP says deflate */
	GZ_MESSAGE,	/* RFC 7692: messages of a WebSocket, each by itself; see gz_put_message */
};

/* How far a stream has been unpacked. */
enum gz_state {
	GZ_OPEN,	/* more must come */
	GZ_WHOLE,	/* all that has begun is complete: the stream may end here */
	GZ_TOO_LONG,	/* its content is longer than allowed */
	GZ_DAMAGED,	/* it cannot be read on, or other bytes stand behind its end */
};

/*
 * Returns true when s begins with the two bytes that mark gzip. Some logs send
 * tiles compressed without being asked to, so the caller has to look.
 */
static inline bool
gz_is(struct span s)
{
	return s.n >= 2 && s.p[0] == 0x1f && s.p[1] == 0x8b;
}

/*
 * Begins a stream of the given form. Returns it; the caller ends it with gz_close. It takes at
 * most 90 KiB of memory; when there is none, the process ends with 111.
 */
struct gz *gz_open(enum gz_form form);

/* Frees gz. NULL is allowed. */
void gz_close(struct gz *gz);

/*
 * Unpacks the next bytes of the stream, in, and appends what they give to out, until out holds
 * `most` bytes; it must not hold more before. Returns the state of the stream after them. In every
 * state, what stands in out is the beginning of the content. After GZ_TOO_LONG and GZ_DAMAGED gz
 * takes no more bytes.
 */
enum gz_state gz_put(struct gz *gz, struct buf *out, struct span in, size_t most);

/*
 * Unpacks in, one whole message of permessage-deflate (RFC 7692 section 7.2.2), and appends its
 * content to out, until out holds `most` bytes; it must not hold more before. A message refers to
 * no message before it (client_no_context_takeover), so one gz of the form GZ_MESSAGE serves all
 * connections. Returns GZ_WHOLE when the message is unpacked, GZ_TOO_LONG when it has more bytes
 * than fit, and GZ_DAMAGED when it cannot be read or does not end where a message may end. Whatever
 * it returns, gz is ready for the next message.
 */
enum gz_state gz_put_message(struct gz *gz, struct buf *out, struct span in, size_t most);

/*
 * Unpacks all gzip members of in and appends their contents to out. Returns NULL,
 * or a static reason with out unchanged when in is not gzip, ends too early, is
 * damaged, has other bytes behind its last member, or unpacks to more than `most`
 * bytes.
 */
const char *gz_put_inflated(struct buf *out, struct span in, size_t most);

#endif
