/*
 * The window of a publisher: which records are sent, stored, or to be sent again. In: lines, and what
 * the server answers. Out: what to send next, and up to where all is stored.
 */
#include "bus/nats/nats_window.h"

#include <stdlib.h>

#include "base/die.h"

void
nats_window_free(struct nats_window *w)
{
	for (uint64_t k = w->base; k < w->end; k++)
		nats_chunk_leave(nats_window_slot(w, k)->chunk);
	free(w->slots);
	*w = (struct nats_window){ .slots = NULL };
}

struct nats_slot *
nats_window_slot(struct nats_window *w, uint64_t number)
{
	return &w->slots[number & (w->room - 1)];
}

static void
nats_window_grow(struct nats_window *w)
{
	struct nats_window grown = *w;

	grown.room = w->room == 0 ? 1024 : 2 * w->room;
	grown.slots = calloc(grown.room, sizeof(*grown.slots));
	if (grown.slots == NULL)
		die_world("out of memory for the bus");
	for (uint64_t k = w->base; k < w->end; k++)
		*nats_window_slot(&grown, k) = *nats_window_slot(w, k);
	free(w->slots);
	*w = grown;
}

void
nats_window_put(struct nats_window *w, struct nats_chunk *chunk, struct span line)
{
	if (w->end - w->base == w->room)
		nats_window_grow(w);
	chunk->users++;
	*nats_window_slot(w, w->end++) = (struct nats_slot){ .chunk = chunk, .line = line };
	w->bytes += line.n + 1;
}

bool
nats_window_send(struct nats_window *w, uint64_t *number)
{
	struct nats_slot *s;

	while (w->next < w->end && nats_window_slot(w, w->next)->fate == NATS_STORED)
		w->next++;
	if (w->next == w->end)
		return false;
	*number = w->next++;
	s = nats_window_slot(w, *number);
	s->fate = NATS_FLIES;
	s->attempt++;
	s->parts = 1;
	s->stored = 0;
	w->flying++;
	return true;
}

static bool
nats_window_has(const struct nats_window *w, uint64_t number)
{
	return number >= w->base && number < w->end;
}

bool
nats_window_stored(struct nats_window *w, uint64_t number, unsigned attempt)
{
	struct nats_slot *s;
	uint64_t base = w->base;

	if (!nats_window_has(w, number))
		return false;
	s = nats_window_slot(w, number);
	/* Whichever attempt has brought a whole line, it is there; parts count for their attempt. */
	if (s->fate == NATS_STORED || (attempt != s->attempt && s->parts != 1))
		return false;
	if (++s->stored < s->parts)
		return false;
	w->flying -= s->fate == NATS_FLIES;
	s->fate = NATS_STORED;
	while (w->base < w->end && (s = nats_window_slot(w, w->base))->fate == NATS_STORED) {
		w->bytes -= s->line.n + 1;
		nats_chunk_leave(s->chunk);
		w->base++;
	}
	if (w->next < w->base)
		w->next = w->base;
	return w->base > base;
}

void
nats_window_failed(struct nats_window *w, uint64_t number, unsigned attempt)
{
	struct nats_slot *s;

	if (!nats_window_has(w, number))
		return;
	s = nats_window_slot(w, number);
	if (s->attempt != attempt || s->fate != NATS_FLIES)
		return;
	s->fate = NATS_FAILED;
	w->flying--;
	w->failed = true;
}

void
nats_window_rewind(struct nats_window *w)
{
	for (uint64_t k = w->base; k < w->next; k++) {
		struct nats_slot *s = nats_window_slot(w, k);

		if (s->fate != NATS_STORED)
			s->fate = NATS_WAITS;
	}
	w->next = w->base;
	w->flying = 0;
	w->failed = false;
}
