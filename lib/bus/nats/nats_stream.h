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
	NATS_FOUND,
	NATS_MISSING,		/* there is no such stream */
	NATS_UNKNOWN,		/* the server did not say */
};

/* Asks for the stream of the address. Fills *s, or why, NATS_WHY bytes. */
enum nats_found nats_stream_find(struct nats *n, const struct nats_address *a,
    struct nats_stream *s, char *why);

/*
 * Does the same, and makes the stream when it is missing. differs, NATS_WHY bytes, is then empty, or
 * names the settings of the address that the stream has not.
 */
enum nats_found nats_stream_make(struct nats *n, const struct nats_address *a,
    struct nats_stream *s, char *differs, char *why);

/* What a consumer brings. */
struct nats_wanted {
	const char *filter;	/* a subject; NULL: everything */
	uint64_t from;		/* messages from this number on; 0: the last one of each subject */
	const char *to;		/* the subject on which they come; NULL: they are counted only */
};

/*
 * Makes a consumer. Returns true with *pending set to the number of messages that wait for it, and
 * its name in name, to be ended by nats_consumer_free; or false with why, NATS_WHY bytes, filled.
 */
bool nats_consumer_open(struct nats *n, const struct nats_address *a,
    const struct nats_wanted *wanted, struct buf *name, uint64_t *pending, char *why);

/* Ends the consumer of that name, if the server can be reached; else the server ends it some time later. */
void nats_consumer_free(struct nats *n, const struct nats_address *a, struct buf *name);

/* What the reply subject of a message from a consumer says about it. */
struct nats_delivered {
	uint64_t stream_seq, consumer_seq;
	uint64_t pending;	/* messages that the consumer has behind it */
};

/* Returns true with *d filled, or false for any other subject. NULL is allowed. */
bool nats_delivered_parse(struct nats_delivered *d, const char *reply);

#endif
