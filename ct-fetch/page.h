/*
 * A range of one log's entries on its way: asked for, received, put out. What
 * an answer lacks of it is asked for again, until the range has gone out whole.
 */
#ifndef CT_FETCH_PAGE_H
#define CT_FETCH_PAGE_H

#include "base/buf.h"
#include "ct-fetch/ask.h"

struct log;

enum {
	MAX_PAGE = 64 << 20,	/* bytes of one answer, also after inflating */
	MAX_PAGE_NAME = 96,	/* bytes of what people read, NUL included */
};

enum page_state {
	PAGE_WANTED,	/* to be asked for once the log and its host allow it */
	PAGE_ASKED,
	PAGE_HELD,	/* received; what it refers to is not */
	PAGE_READY,	/* to be put out when its turn comes */
};

struct page {
	struct log *log;
	uint64_t from, to;	/* indexes, to exclusive */
	uint64_t until;		/* what the request under way asks for, exclusive */
	enum page_state state;
	uint64_t not_before;	/* loop ms */
	bool patient;		/* the log does not have it yet: a larger head ends the wait */
	uint64_t wait_since;	/* loop ms: since when it has not had it; 0: it does */
	bool wait_told;
	uint64_t size;		/* of the head it was asked under */
	struct ask request;

	/* Of the answer: n entries beginning with from; put of them have gone out. */
	unsigned n, put;
	bool cut;		/* it ended before its end */
	char seen[32];		/* when it came, as the record has it */
	struct buf body;
	void *parsed;		/* the protocol's own */
	bool full_tile;		/* tiled: the partial tile is gone, the full one is asked for */
};

void page_init(struct page *, struct log *);
void page_free(struct page *);	/* cancels and drops all; usable again */

/* A new range, to exclusive, inside what one request can bring. */
void page_set(struct page *, uint64_t from, uint64_t to);

/* Starts the request if it is wanted, due and allowed; else *again may become earlier. */
void page_ask(struct page *, uint64_t now, uint64_t *again);

/* The log does not have it yet: asked again in so many ms, or when its head has grown. */
void page_wait(struct page *, unsigned ms);

/* Puts out what is there and what there is room for. True: the range is done. */
bool page_put(struct page *);

#endif
