/*
 * Raw entries as lines of JSON: the entry records of ct-fetch (ct-entry(5)),
 * bare {"leaf_input":...,"extra_data":...} objects as logs serve them, and
 * whole get-entries responses {"entries":[...]} on one line. Keys come in any
 * order; unknown ones are passed over. All spans point into the line.
 */
#ifndef CT_RAW_H
#define CT_RAW_H

#include "enc/json.h"

struct raw {
	struct json_str leaf_input, extra_data;		/* base64 */
	struct json_str name, url, type, log_id;	/* of the source; raw.p NULL when not said */
	struct span source;				/* the whole source value, or n 0 */
	struct span seen;				/* number as written, or n 0 */
	uint64_t index;
	bool has_index;
};

/* Walks the entries of one line; zero is not valid, use raw_open. */
struct raw_line {
	struct json json;
	bool list;	/* inside "entries" */
	bool part;	/* the line goes on behind the text */
	bool ended;
};

void raw_open(struct raw_line *, struct span line);

/*
 * The next entry of the line; or, with *why the reason, what stands in its
 * place and is none. False when there is no more: always behind text that is
 * no JSON (ended is set then), which no item of a list can be found in.
 */
bool raw_next(struct raw_line *, struct raw *, const char **why);

/*
 * A get-entries response of any length, piece by piece: raw_open_part with the
 * front of a line, raw_next until it is false, raw_more with all text from
 * where raw_rest began, and so on; whole with the last piece. What is no list
 * is not begun: then list is false, and raw_rest is all of the front.
 */
void raw_open_part(struct raw_line *, struct span front);
void raw_more(struct raw_line *, struct span text, bool whole);

/* How many bytes at the end of the text are not walked yet. */
size_t raw_rest(const struct raw_line *);

#endif
