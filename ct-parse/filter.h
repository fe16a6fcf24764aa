/*
 * The filter itself: lines in, lines out, in the same order. Raw entries
 * become events or malformed records, control records pass unchanged, what is
 * neither is reported and left out.
 */
#ifndef CT_PARSE_FILTER_H
#define CT_PARSE_FILTER_H

#include "ct/record.h"
#include "event/event.h"

enum { FILTER_PART = 256 * 1024 };	/* bytes of a line that are worth a look before it is whole */

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
	struct span line;		/* the text that was given last */
	bool done;			/* nothing more is to be found in it */
	uint64_t number;		/* of the line, for messages */
	bool listing;			/* the text is in a list of entries that goes on behind it */
	size_t tried;			/* bytes at the end of the text that are not read yet */
	enum record_kind kind;
	struct raw_line entries;
};

/* Options are as for event_open; with strict, the first thing wrong sets failed. */
void filter_init(struct filter *, const struct event_options *, bool strict);
void filter_free(struct filter *);

/*
 * Gives the filter text, which must stay until filter_next has returned false. It
 * is a whole line without its LF, or with whole false the front of a line, as far
 * as that has been read: a get-entries response may be longer than any buffer,
 * and its entries are read as they come. The bytes that filter_taken then
 * returns are done with; what is behind them is to be given again, with what has
 * been read since, until the line is whole. number is that of the line.
 */
void filter_give(struct filter *, struct span text, uint64_t number, bool whole);

/*
 * Appends to out the next record that the text becomes. Returns true, also when
 * what stood there was left out; false when the text holds no more, or when
 * failed is set, which has been told on stderr. One call makes one record, since
 * all those of a long text could take all memory.
 */
bool filter_next(struct filter *, struct buf *out);

/* Returns how many bytes at the front of the text are done with, after filter_next was false. */
size_t filter_taken(struct filter *);

/* Tells whether it is worth giving n bytes that are there of a line that is not whole. */
bool filter_is_due(const struct filter *, size_t n);

/*
 * Tells on stderr, and counts, that the line of this number cannot be read because
 * of why, or what was not taken of it yet.
 */
void filter_break(struct filter *, uint64_t number, const char *why);

/*
 * Completes the records in out, whose fingerprints are blank until then. out may
 * only grow between filter_next and this.
 */
void filter_finish(struct filter *, struct buf *out);

#endif
