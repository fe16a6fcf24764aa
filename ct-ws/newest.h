/*
 * The newest events, kept as they came, and the JSON documents of them. A
 * document is made when somebody asks for it, shared by all who ask, and made
 * anew at most ten times a second: so many versions of it can be in slow
 * hands at once, and no more.
 */
#ifndef CT_WS_NEWEST_H
#define CT_WS_NEWEST_H

#include "ct-ws/body.h"
#include "ct-ws/stream.h"

enum {
	LATEST_KEEP = 25,
	LATEST_MS = 100,
};

struct newest_page {
	struct body *body;	/* NULL: never made */
	uint64_t at;		/* when, in ms */
	uint64_t count;		/* events seen by then */
};

struct newest {
	struct buf events[LATEST_KEEP];	/* number i has events[i % LATEST_KEEP] */
	uint64_t count;			/* events ever put */
	struct newest_page all[FORMS];
	struct newest_page newest[FORMS];
};

void newest_init(struct newest *);
void newest_free(struct newest *);
void newest_put(struct newest *, struct span event);

/* {"messages":[...]}, newest first, and LF. Valid until the next call; now in ms. */
struct body *newest_all(struct newest *, enum form, uint64_t now);

/* The newest event and LF, likewise. NULL when none was seen yet. */
struct body *newest_one(struct newest *, enum form, uint64_t now);

#endif
