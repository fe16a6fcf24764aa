/*
 * The newest events, and the JSON documents that show them. A document is made
 * when somebody asks for it, and everybody who asks meanwhile shares it. It is
 * made anew at most ten times a second, so that few versions of it exist at
 * once even when slow connections hold on to old ones.
 */
#ifndef CT_WS_SITE_NEWEST_H
#define CT_WS_SITE_NEWEST_H

#include "bus/bus_place.h"
#include "ct-ws/net/body.h"
#include "event/form.h"

enum {
	NEWEST_KEEP = 25,	/* events */
	NEWEST_MS = 100,	/* the shortest time between two versions of a document */
};

struct newest_page {
	struct body *body;	/* NULL until the document is made */
	uint64_t at;		/* ms of the loop's clock when it was made */
	uint64_t count;		/* events that had been put by then */
	struct bus_place place;	/* of the newest one */
};

struct newest {
	struct buf events[NEWEST_KEEP];	/* event number i is in events[i % NEWEST_KEEP] */
	uint64_t count;			/* events ever put */
	struct bus_place place;		/* of the newest event */
	struct newest_page all[FORMS];
	struct newest_page one[FORMS];
	struct body *made_up[FORMS];	/* owned; NULL until it is asked for */
};

/* Begins without an event. */
void newest_init(struct newest *l);

/* Frees the events, and gives the documents back; connections that send one keep it. */
void newest_free(struct newest *l);

/*
 * Copies the line event, without its LF, which has this place on the bus, or epoch 0 where that is
 * not known. When NEWEST_KEEP are kept already, forgets the oldest.
 */
void newest_put(struct newest *l, struct bus_place place, struct span event);

/*
 * Returns the document {"messages":[...]} and LF, with all events that have the form, newest first. now is
 * the time of the loop's clock in ms. The body is borrowed and valid until the next call; body_take keeps
 * it longer. Sets *place to the place of the event that was the newest when the document was made.
 */
struct body *newest_all(struct newest *l, enum form form, uint64_t now, struct bus_place *place);

/*
 * Returns the newest event that has the form, and LF, or NULL when there is
 * none. now and the body are as those of newest_all.
 */
struct body *newest_one(struct newest *l, enum form form, uint64_t now);

/*
 * Returns the made-up event (example.h) in the form, and LF. The body is borrowed and valid until
 * newest_free.
 */
struct body *newest_made_up(struct newest *l, enum form form);

#endif
