/*
 * What a client with a filter waits for: the regular expressions in it that have yet to be compiled.
 */
#ifndef CT_WS_FILTER_TICKET_H
#define CT_WS_FILTER_TICKET_H

#include "ct-ws/filter/compiler.h"
#include "ct-ws/filter/matcher.h"

struct ticket;

enum ticket_got {
	TICKET_READY,	/* the filter can be put into force without waiting */
	TICKET_WAITS,	/* not yet: to be asked for again when the compiler is done with something */
	TICKET_FULL,	/* too many expressions wait */
};

/*
 * Has compiler compile the expressions of f, without those that m already has; m may be NULL. *t, which is
 * NULL before the first call, holds the expressions until ticket_drop, which is to be called when the
 * filter is in force. Returns whether f can be put into force, as enum ticket_got says.
 */
enum ticket_got ticket_take(struct ticket **t, struct compiler *compiler, const struct filter *f,
    const struct matcher *m);

/* Returns true when the compiler is done with all that t holds, and when t is NULL. */
bool ticket_is_ready(const struct ticket *t);

/* Gives back what *t holds, and makes it NULL. */
void ticket_drop(struct ticket **t);

#endif
