/*
 * A range of one log's entries on its way: asked for, received, put out. What
 * an answer lacks of it is asked for again, until the range has gone out whole.
 */
#ifndef CT_FETCH_PAGE_H
#define CT_FETCH_PAGE_H

#include "ct-fetch/log.h"

void page_init(struct page *, struct log *);
void page_free(struct page *);	/* cancels and drops all; usable again */

/* A new range, to exclusive, inside what one request can bring. */
void page_set(struct page *, uint64_t from, uint64_t to);

/* Starts the request if it is wanted, due and allowed; else *again may become earlier. */
void page_ask(struct page *, uint64_t now, uint64_t *again);

/* Puts out what is there and what there is room for. True: the range is done. */
bool page_put(struct page *);

#endif
