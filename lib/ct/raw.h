/*
 * Finds the entries in lines of JSON, still in base64. A line is an entry record of
 * ct-fetch (ct-entry(5)), one object {"leaf_input":...,"extra_data":...} as logs serve
 * it, or a whole get-entries response {"entries":[...]}. Keys may come in any order,
 * and unknown ones are ignored. All spans point into the text that was given.
 */
#ifndef CT_RAW_H
#define CT_RAW_H

#include "enc/json.h"

/* One entry. Only leaf_input and extra_data are there in every entry. */
struct raw {
	struct json_str leaf_input, extra_data;		/* base64 */
	struct json_str name, url, type, log_id;	/* of source; raw.p NULL if missing */
	struct span source;				/* JSON of the whole object; empty if missing */
	struct span seen;				/* number as written; empty if missing */
	uint64_t index;					/* of the entry in its log */
	bool has_index;					/* index is set */
};

/* A walk over the entries of one line; raw_open or raw_open_part begins it. */
struct raw_line {
	struct json json;	/* the cursor in the text */
	bool list;		/* the line is a get-entries response, and its list has begun */
	bool part;		/* the line does not end with the text */
	bool ended;		/* no entry follows */
};

/* Begins a walk over a whole line, which must stay until the walk is over. */
void raw_open(struct raw_line *l, struct span line);

/*
 * Reads the next entry of the line. Returns
 *	true, *why NULL		*raw is the entry
 *	true, *why a reason	an entry was expected, but something else was found
 *	false			no entry follows, or only more text can tell (raw_more)
 * After text that is not JSON, which is told by a reason, no entry follows.
 */
bool raw_next(struct raw_line *l, struct raw *raw, const char **why);

/*
 * These three read a get-entries response of any length piece by piece.
 * raw_open_part begins the walk with front, the first bytes of a line. raw_next then
 * returns the entries that are whole in it. When that has returned false, raw_rest
 * returns how many bytes at the end of the text have not been read. raw_more goes on
 * with text, which must begin with these bytes and goes on with what follows them in
 * the line; whole is true when the line ends with text. When the line is not a
 * get-entries response, list stays false and raw_rest returns front.n: such a line
 * must be read whole, by raw_open.
 */
void raw_open_part(struct raw_line *l, struct span front);
void raw_more(struct raw_line *l, struct span text, bool whole);
size_t raw_rest(const struct raw_line *l);

#endif
