/*
 * The filter itself: lines in, lines out, in the same order. Raw entries
 * become events or malformed records, control records pass unchanged, what is
 * neither is reported and left out.
 */
#ifndef CT_PARSE_FILTER_H
#define CT_PARSE_FILTER_H

#include "ct/event.h"

/* What the status record tells; all since the start. */
struct filter_counts {
	uint64_t entries, malformed;	/* of entries: event or malformed record */
	uint64_t passed;		/* control records */
	uint64_t broken;		/* lines that are no record */
};

struct filter {
	struct event_writer *writer;
	struct filter_counts counts;
	bool strict;
};

void filter_init(struct filter *, enum event_form, bool strict);
void filter_free(struct filter *);

/*
 * One line, the number of which is for messages. Appends what it becomes to
 * out. False when strict and the line is broken or its entry malformed; it has
 * been reported on stderr then.
 */
bool filter_line(struct filter *, struct buf *out, struct span line, uint64_t number);

#endif
