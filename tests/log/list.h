/*
 * The log list in version 3 of the schema that browsers use, and the metadata
 * of a single log in the same words.
 */
#ifndef LOG_LIST_H
#define LOG_LIST_H

#include "tests/log/log.h"

/* base ends in a slash; the logs are below it, each under its name. now: ms since 1970. */
void list_put(const struct log *logs, size_t count, const char *base, uint64_t now,
    struct bytes *out);
/* The object of log.v3.json. url: of the log itself, ends in a slash. */
void list_put_metadata(const struct log *, const char *url, struct bytes *out);

#endif
