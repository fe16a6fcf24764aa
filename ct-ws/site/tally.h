/*
 * How many clients the streams have and what they were sent, in plain numbers that
 * /metrics and /stats show. A row is one form of the stream on one wire.
 */
#ifndef CT_WS_SITE_TALLY_H
#define CT_WS_SITE_TALLY_H

#include "base/buf.h"

enum { MAX_TALLY = 16 };	/* rows: three forms on a few wires */

struct tally_row {
	const char *stream;	/* "full", "lite" or "domain", as certstream-server-go says; static text */
	const char *wire;	/* "websocket", "sse" or "ndjson"; static text */
	uint64_t clients, filtered, blocked;	/* now; of these, with a filter; not taking bytes */
	uint64_t opened, frames, bytes, skipped;	/* ever */
};

/* A client that has been skipped ahead. */
struct tally_slow {
	uint64_t number;	/* of the connection */
	uint64_t skipped;	/* records that it has missed */
};

struct tally {
	struct tally_row rows[MAX_TALLY];
	size_t count;
	struct buf slow;	/* owned: struct tally_slow, one behind the other */
};

/* Frees what the tally holds. */
void tally_free(struct tally *t);

/* Adds a client that has missed records; number and skipped are as in struct tally_slow. */
void tally_add_slow(struct tally *t, uint64_t number, uint64_t skipped);

/*
 * Returns a row in which the numbers of all rows of this stream and this wire are summed up. NULL
 * stands for all streams, or all wires.
 */
struct tally_row tally_sum(const struct tally *t, const char *stream, const char *wire);

#endif
