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
	bool ended;
};

void raw_open(struct raw_line *, struct span line);

/*
 * The next entry of the line. False when there is no more, or when the line is
 * broken: then *why is the reason, else NULL.
 */
bool raw_next(struct raw_line *, struct raw *, const char **why);

#endif
