/*
 * The filter itself: lines in, lines out, in the same order. Raw entries
 * become events or malformed records, control records pass unchanged, what is
 * neither is reported and left out.
 */
#ifndef CT_PARSE_FILTER_H
#define CT_PARSE_FILTER_H

#include "ct/record.h"
#include "event/event.h"

/* What the status record tells; all since the start. */
struct filter_counts {
	uint64_t entries, malformed;	/* of entries: event or malformed record */
	uint64_t passed;		/* control records */
	uint64_t broken;		/* lines, and items of lists, that are no record */
};

struct filter {
	struct event_writer *writer;
	struct filter_counts counts;
	bool strict;
	bool failed;			/* strict, and a line was broken or an entry malformed */
	struct span line;		/* what is being read */
	bool done;			/* ... and nothing more is in it */
	uint64_t number;		/* of the line, for messages */
	bool listing;			/* a list was begun that goes on behind the text */
	size_t tried;			/* bytes of such a line in which nothing more was whole */
	enum record_kind kind;
	struct raw_line entries;
};

void filter_init(struct filter *, const struct event_options *, bool strict);
void filter_free(struct filter *);

/* Begins with a line, which must stay. */
void filter_open(struct filter *, struct span line, uint64_t number);

/*
 * A response to get-entries may be longer than any buffer: filter_open_part
 * begins with the front of a line, filter_next gives what is whole in it, and
 * filter_rest says how many bytes at the end are still needed, which stay in
 * tried. Listing is set when it was a list, and filter_more then takes these and
 * what follows; else the line must be given again: to filter_open_part when
 * there is more of it, to filter_open once it is whole.
 */
void filter_open_part(struct filter *, struct span front, uint64_t number);
void filter_more(struct filter *, struct span text, bool whole);
size_t filter_rest(struct filter *);

/* Nothing of this line, or of its rest where listing is set, can be read. */
void filter_break(struct filter *, uint64_t number, const char *why);

/*
 * Appends the next record that the line becomes to out: a response to
 * get-entries becomes many, and all at once could take all memory. False when
 * there is no more, or the filter has failed, which has been told on stderr.
 */
bool filter_next(struct filter *, struct buf *out);

/* Completes the records in out: before it, they are not to be read, and out may only grow. */
void filter_finish(struct filter *, struct buf *out);

#endif
