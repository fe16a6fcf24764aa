/*
 * Reads raw entries from lines of JSON. A line is an entry record of ct-fetch
 * (ct-entry(5)), an object {"leaf_input":...,"extra_data":...} as logs serve it, or a
 * whole get-entries response {"entries":[...]}. Keys may come in any order, and
 * unknown ones are passed over. All spans point into the line.
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

/* A walk over the entries of one line; raw_open or raw_open_part begins it. */
struct raw_line {
	struct json json;
	bool list;	/* inside "entries" */
	bool part;	/* the line goes on behind the text */
	bool ended;
};

/* Begins the walk over a whole line, which must stay until the walk is over. */
void raw_open(struct raw_line *, struct span line);

/*
 * Reads the next entry of the line. Returns true with *why NULL and *raw set; true
 * with *why a static reason when what stands in its place is not an entry; or false
 * when there is no more. Behind text that is not JSON there is no more, and ended is
 * set.
 */
bool raw_next(struct raw_line *, struct raw *raw, const char **why);

/*
 * These read a get-entries response of any length piece by piece. raw_open_part
 * begins with the front of a line. When raw_next has returned false, raw_rest tells
 * how many bytes at the end are still needed. raw_more goes on with text, which
 * begins with these bytes and has what has been read since; whole says that the line
 * ends there. A line that is not a list is not begun: list stays false, and raw_rest
 * is all of front.
 */
void raw_open_part(struct raw_line *, struct span front);
void raw_more(struct raw_line *, struct span text, bool whole);
size_t raw_rest(const struct raw_line *);

#endif
