/*
 * The stream of a bus, and consumers that read it, by the requests that JetStream serves. All
 * functions block, some seconds at most, and are for the thread that owns the connection.
 */
#ifndef BUS_NATS_NATS_STREAM_H
#define BUS_NATS_NATS_STREAM_H

#include "bus/nats/nats.h"

struct nats_stream {
	uint64_t epoch;		/* when it was made, in microseconds since 1970: below 2^53, never 0 */
	uint64_t first, last;	/* numbers of its messages; last < first when it has none */
	uint64_t messages, bytes;
	size_t max_message;	/* bytes of a message; SIZE_MAX without limit */
};

enum nats_found {
	NATS_FOUND,		/* the stream is there */
	NATS_MISSING,		/* there is no such stream */
	NATS_UNKNOWN,		/* the server did not say */
};

/*
 * Asks for the stream that address names. Returns NATS_FOUND with *s filled, or NATS_MISSING, or
 * NATS_UNKNOWN with the reason written to why, which has NATS_WHY bytes.
 */
enum nats_found nats_stream_find(struct nats *n, const struct nats_address *address,
    struct nats_stream *s, char *why);

/*
 * Asks for the stream as nats_stream_find does, and makes it when it is missing. Returns NATS_FOUND
 * with *s filled, or NATS_UNKNOWN with the reason written to why. With NATS_FOUND, differs names those
 * settings of the address that the stream does not have, or is empty. differs and why have NATS_WHY bytes.
 */
enum nats_found nats_stream_make(struct nats *n, const struct nats_address *address,
    struct nats_stream *s, char *differs, char *why);

/* What a consumer brings. */
struct nats_wanted {
	const char *filter;	/* a subject; NULL: everything */
	uint64_t from;		/* messages from this number on; 0: the last one of each subject */
	const char *to;		/* the subject on which they come; NULL: they are counted only */
};

/*
 * Makes a consumer of the stream of address, which brings what `wanted` says. Returns true with
 * *pending set to the number of messages that it will bring, and its name in `name`, until
 * nats_consumer_free; or false with the reason written to why, which has NATS_WHY bytes.
 */
bool nats_consumer_open(struct nats *n, const struct nats_address *address,
    const struct nats_wanted *wanted, struct buf *name, uint64_t *pending, char *why);

/*
 * Ends the consumer called name, of the stream of address, and empties name. Does nothing when name is
 * empty. When the server cannot be reached, it ends the consumer by itself some time later.
 */
void nats_consumer_free(struct nats *n, const struct nats_address *address, struct buf *name);

/* What the reply subject of a message from a consumer says about it. */
struct nats_delivered {
	uint64_t stream_seq, consumer_seq;	/* its numbers in the stream, and by the consumer */
	uint64_t pending;	/* messages that the consumer has behind it */
};

/*
 * Reads reply, the reply subject of a message. Returns true with *d filled, or false when it is NULL or
 * not one that a consumer gives its messages.
 */
bool nats_delivered_parse(struct nats_delivered *d, const char *reply);

#endif
