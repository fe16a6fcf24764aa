/*
 * Writes the log list, in version 3 of the schema that browsers use, and the
 * metadata of a single log in the same schema.
 */
#ifndef LOG_LIST_H
#define LOG_LIST_H

#include "tests/log/log.h"

enum list_state { LIST_USABLE, LIST_READONLY, LIST_RETIRED, LIST_GONE };

/* What the list says of a log. */
struct listing {
	enum list_state state;		/* one that is gone is left out */
	struct head final_head;		/* of one that is readonly */
};

/*
 * Appends to out the list of the count logs; listings[i] is what it says of logs[i]. now is the time of the
 * list, in milliseconds since 1970.
 */
void list_put(const struct log *logs, const struct listing *listings, size_t count,
    uint64_t now, struct bytes *out);
/* Appends to out the object of log.v3.json for log l, which is at url; url ends in a slash. */
void list_put_metadata(const struct log *l, const char *url, struct bytes *out);

#endif
