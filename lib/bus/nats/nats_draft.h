/*
 * Lines on their way to a server: written into pieces of memory where they then stay until the server
 * has stored them. Nothing here does I/O, and nothing takes a lock.
 */
#ifndef BUS_NATS_NATS_DRAFT_H
#define BUS_NATS_NATS_DRAFT_H

#include "base/buf.h"

/* A piece of memory, which is freed when nobody uses it any more. */
struct nats_chunk {
	unsigned users;		/* how many use it */
	size_t n, room;		/* bytes written, and bytes there are */
	uint8_t bytes[];
};

/* Returns a new chunk for room bytes, with one user. */
struct nats_chunk *nats_chunk_open(size_t room);

/* Ends the use by one user, and frees the chunk when it was the last. NULL is allowed. */
void nats_chunk_leave(struct nats_chunk *c);

/* What was written and not published: the bytes from `from` on. */
struct nats_draft {
	struct nats_chunk *chunk;	/* the draft is a user of it; NULL at first */
	size_t from;			/* offset in the chunk */
};

/* Returns where bytes can be written behind the draft, and sets *room to how many: `least` or more. */
uint8_t *nats_draft_space(struct nats_draft *d, size_t least, size_t *room);

/* Returns the draft, valid until nats_draft_space is called. */
struct span nats_draft_span(const struct nats_draft *d);

#endif
