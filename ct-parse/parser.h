/*
 * The parser itself: lines go in, and lines come out in the same order. An entry
 * becomes an event or a malformed record. A control record, or a line that is an event
 * already, comes out unchanged. Anything else is reported on stderr and left out.
 *
 * For each line, the caller calls parser_give and then parser_next until that returns
 * false; and parser_finish before it writes what has come out.
 */
#ifndef CT_PARSE_PARSER_H
#define CT_PARSE_PARSER_H

#include "ct/record.h"
#include "event/event.h"
#include "os/producer.h"

enum { PARSER_PART = 256 * 1024 };	/* bytes of an unfinished line that are given to the parser */

/* What the status record tells; all since the start. */
struct parser_counts {
	uint64_t entries;		/* entries read, malformed ones included */
	uint64_t malformed;		/* entries that became malformed records */
	uint64_t passed;		/* lines that came out unchanged */
	uint64_t broken;		/* lines, and items of lists, that were left out */
};

struct parser {
	struct event_writer *writer;
	struct parser_counts counts;
	char producer[PRODUCER_NAME + 1];
	bool strict;			/* the first broken line or malformed entry sets failed */
	bool failed;			/* no more records are made */
	struct span line;		/* the text that was given last */
	bool done;			/* all that can be read of the text has been read */
	uint64_t number;		/* of the line, for messages */
	bool listing;			/* inside a list of entries that goes on behind the text */
	size_t tried;			/* bytes at the end of the text, not yet read */
	enum record_kind kind;		/* of the line */
	struct raw_line entries;	/* the entries of the line as they are read */
};

/*
 * Prepares p, and draws the name of its run. options are handed to event_open; strict is as in the
 * struct.
 */
void parser_init(struct parser *p, const struct event_options *options, bool strict);

/* Frees the event writer of the parser. */
void parser_free(struct parser *p);

/*
 * Gives the parser text of the line with this number; the text must stay until
 * parser_next has returned false. With whole true it is a whole line, without its LF.
 * With whole false it is the front of a line of which no more has been read yet: a
 * response to get-entries may be longer than any buffer, so its entries are read as
 * they come. After parser_next has returned false, the caller drops the bytes that
 * parser_taken returns, and gives what is behind them again, together with what has
 * been read since, until the line is whole.
 */
void parser_give(struct parser *p, struct span text, uint64_t number, bool whole);

/*
 * Appends to out the next record that the text becomes, with its LF; a fingerprint in
 * it is blank until parser_finish. Returns true when there was one; a record that is
 * left out counts as one, though nothing is appended. Returns false when the text holds
 * no more, or when failed is set (the reason has been told on stderr). One call makes
 * only one record, because all records of a long text could take all memory.
 */
bool parser_next(struct parser *p, struct buf *out);

/*
 * To be called after parser_next has returned false. Returns how many bytes at the front of the text
 * are not needed any more.
 */
size_t parser_taken(struct parser *p);

/*
 * Returns true when the front of an unfinished line, of which n bytes are there, should be given
 * to the parser; false when it should wait for more bytes.
 */
bool parser_is_due(const struct parser *p, size_t n);

/*
 * Counts the line with this number as broken, and reports on stderr that it cannot be
 * read, and why. When a part of the line has been taken, it reports this of the rest.
 */
void parser_break(struct parser *p, uint64_t number, const char *why);

/*
 * Fills in the fingerprints of the records that parser_next has appended to out. Since
 * the first of these, out must have been the same and may only have grown.
 */
void parser_finish(struct parser *p, struct buf *out);

#endif
