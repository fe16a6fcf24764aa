/*
 * Lines as ct-hub reads them, in chunks. In: bytes from a pipe. Out: lines that do not move in memory
 * until the server has stored them.
 */
#include "bus/nats/nats_draft.h"

#include <stdlib.h>

#include "base/die.h"

enum { NATS_CHUNK = 512 << 10 };	/* bytes: a few reads of a pipe */

struct nats_chunk *
nats_chunk_open(size_t room)
{
	struct nats_chunk *c = malloc(sizeof(*c) + room);

	if (c == NULL)
		die_world("out of memory for the bus");
	*c = (struct nats_chunk){ .users = 1, .room = room };
	return c;
}

void
nats_chunk_leave(struct nats_chunk *c)
{
	if (c != NULL && --c->users == 0)
		free(c);
}

uint8_t *
nats_draft_space(struct nats_draft *d, size_t least, size_t *room)
{
	struct span draft = nats_draft_span(d);
	struct nats_chunk *c = d->chunk;
	size_t need = draft.n + least;

	if (c == NULL || c->room - c->n < least) {
		/* Twice what a long line has, so that it moves only a few times. */
		c = nats_chunk_open(need > NATS_CHUNK / 2 ? 2 * need : NATS_CHUNK);
		if (draft.n > 0)
			memcpy(c->bytes, draft.p, draft.n);
		c->n = draft.n;
		nats_chunk_leave(d->chunk);
		*d = (struct nats_draft){ c, 0 };
	}
	*room = c->room - c->n;
	return c->bytes + c->n;
}

struct span
nats_draft_span(const struct nats_draft *d)
{
	if (d->chunk == NULL)
		return SPAN("");
	return span_of(d->chunk->bytes + d->from, d->chunk->n - d->from);
}
