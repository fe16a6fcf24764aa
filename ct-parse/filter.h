/*
 * The filter itself: lines in, lines out, in the same order. Raw entries
 * become events or malformed records, control records pass unchanged, what is
 * neither is reported and left out.
 */
#ifndef CT_PARSE_FILTER_H
#define CT_PARSE_FILTER_H

#include "ct/event.h"
#include "ct/record.h"

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
	bool failed;			/* strict, and a line was broken or an entry malformed */
	struct span line;		/* given to filter_open; n 0 when all of it is done */
	uint64_t number;
	enum record_kind kind;
	struct raw_line entries;
};

void filter_init(struct filter *, const struct event_options *, bool strict);
void filter_free(struct filter *);

/* Begins with a line, which must stay; its number is for messages. */
void filter_open(struct filter *, struct span line, uint64_t number);

/*
 * Appends the next record that the line becomes to out: a response to
 * get-entries becomes many, and all at once could take all memory. False when
 * there is no more, or the filter has failed, which has been told on stderr.
 */
bool filter_next(struct filter *, struct buf *out);

#endif
