/*
 * Lines on their way to a server: written into pieces of memory where they then stay until the server
 * has stored them. Nothing here does I/O, and nothing takes a lock.
 */
#ifndef BUS_NATS_NATS_DRAFT_H
#define BUS_NATS_NATS_DRAFT_H

#include "base/buf.h"

/* A piece of memory, which is freed when nobody uses it any more. */
struct nats_chunk {
	unsigned users;
	size_t n, room;		/* bytes written, and bytes there are */
	uint8_t bytes[];
};

/* Makes a chunk for room bytes, with one user. */
struct nats_chunk *nats_chunk_open(size_t room);

/* Ends the use by one user. NULL is allowed. */
void nats_chunk_leave(struct nats_chunk *c);

/* What was written and not published: the bytes from `from` on. */
struct nats_draft {
	struct nats_chunk *chunk;	/* used; NULL at first */
	size_t from;
};

/* Returns where at least least bytes can be written behind the draft, and sets *room to how many can. */
uint8_t *nats_draft_space(struct nats_draft *d, size_t least, size_t *room);

/* Returns the draft; it moves with nats_draft_space. */
struct span nats_draft_span(const struct nats_draft *d);

#endif
