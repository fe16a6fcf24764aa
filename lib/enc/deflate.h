/*
 * Compresses messages by DEFLATE (RFC 1951), without the framing of zlib or gzip. Each message
 * ends at a byte boundary, with nothing of it held back, so it can be sent at once. Messages one
 * behind the other are one stream, which one inflater reads, also across a reset: what follows a
 * reset refers to nothing before it, so a reader may begin there as well.
 *
 * isa-l compresses where the build has found it, and zlib where not. The two write different
 * bytes, and any inflater reads either. Neither refers back farther than 32 KiB, the window of
 * 15 bits that RFC 7692 takes for granted.
 */
#ifndef ENC_DEFLATE_H
#define ENC_DEFLATE_H

#include "base/buf.h"

struct deflate;

enum {
	MAX_DEFLATE = 1 << 28,	/* bytes of one message: the libraries count in 32 bits */
	DEFLATE_TAIL = 4,	/* bytes that end each message of deflate_put: 00 00 ff ff */
};

/* How much work a message is worth. bench/deflate.sh measures what each costs and saves. */
enum deflate_level {
	DEFLATE_QUICK,	/* with codes that are fixed: best for messages of a few hundred bytes */
	DEFLATE_EVEN,	/* with codes made for each message */
	DEFLATE_SMALL,	/* as DEFLATE_EVEN, and looks longer for what repeats */
};

/*
 * Begins a stream whose messages are compressed with as much work as level says. Returns it, ready
 * as after deflate_reset; the caller ends it with deflate_close. It takes about 250 KiB of memory;
 * later calls take none, except for out. When memory runs out, the process ends with 111.
 */
struct deflate *deflate_open(enum deflate_level level);

/* Ends the stream and frees its memory. NULL is allowed. */
void deflate_close(struct deflate *d);

/*
 * Forgets what has been put, so that the next message refers to nothing before it. It may be
 * called at any time between messages, and writes nothing.
 */
void deflate_reset(struct deflate *d);

/*
 * Compresses in, a message of at most MAX_DEFLATE bytes, and appends it to out: one or more
 * blocks, none of them marked as the last, and then an empty stored block, whose last bytes are
 * 00 00 ff ff (what zlib calls Z_SYNC_FLUSH). An empty message is that stored block alone.
 */
void deflate_put(struct deflate *d, struct span in, struct buf *out);

/*
 * Compresses in and appends it to out as deflate_put does, but leaves the last four bytes out, as
 * RFC 7692 section 7.2.1 asks of the payload of a message. In a stream of several messages each
 * reader must put them back.
 */
void deflate_put_message(struct deflate *d, struct span in, struct buf *out);

/*
 * Appends to out the ten bytes with which gzip begins (RFC 1952 section 2.3). What deflate_put
 * writes may follow them. A stream that goes on for ever needs no more than that; one that ends
 * would need a last block, a checksum and a length, which nothing here writes.
 */
void deflate_put_gzip_head(struct buf *out);

#endif
