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
 * Has what f needs compiled, all its expressions or those that m has not, m being NULL or not. *t,
 * which is NULL at first, holds them until ticket_drop, so it is to be dropped when the filter is in
 * force.
 */
enum ticket_got ticket_take(struct ticket **t, struct compiler *compiler, const struct filter *f,
    const struct matcher *m);

/* Returns true when the compiler is done with all that t holds, which may be NULL, for nothing. */
bool ticket_is_ready(const struct ticket *t);

/* Gives back what *t holds, and makes it NULL. */
void ticket_drop(struct ticket **t);

#endif
