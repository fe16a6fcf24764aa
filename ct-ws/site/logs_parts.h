/* What the files of struct logs share: texts as they are kept, and finding logs and producers. */
#ifndef CT_WS_SITE_LOGS_PARTS_H
#define CT_WS_SITE_LOGS_PARTS_H

#include "ct-ws/site/logs.h"

/* Sets out to the text of s as it is kept: cut, with "?" for what may not be shown. */
void logs_make_text(struct buf *out, struct json_str s);

/* Sets out to the text of a URL as it is kept: without its scheme, and without slashes at its end. */
void logs_make_url(struct buf *out, struct json_str s);

/* Returns true when kept is text. */
bool logs_is(const char *kept, struct span text);

/* Replaces *kept, which is owned or NULL, by a copy of text, unless it is the same. */
void logs_keep(char **kept, struct span text);

/*
 * Returns the log with this URL; where there is none, the one with this name whose URL is not known,
 * which gets it, or a new one. Returns NULL where there is no room, or for an empty URL.
 */
struct logs_log *logs_by_url(struct logs *l, struct span url, struct json_str name);

/*
 * Returns the log with this log_id; where there is none, the one with this name whose log_id is not
 * known, which gets it, or a new one. Returns NULL where there is no room, or for an empty log_id.
 */
struct logs_log *logs_by_id(struct logs *l, struct json_str id, struct json_str name);

/*
 * Returns the run of a tool by the names in its record, which came at the time now; a new one where
 * it is not known. That it came is noted, and earlier runs that it stands in for are forgotten: those of
 * the same tool and shard that ended before it began, which is when three of their records, or of
 * its, have not come.
 */
struct logs_producer *logs_producer(struct logs *l, enum logs_stage stage, struct json_str name,
    struct json_str shard, uint64_t now);

/* Returns the place for what the ct-fetch of says of a log; one that is free, or the oldest, if new. */
struct logs_report *logs_report(struct logs_log *g, const struct logs_producer *of);

/* Returns the place for what the ct-fetch of says of a host, or NULL where there is no room. */
struct logs_host *logs_host(struct logs *l, const struct logs_producer *of, struct span name);

/* Frees the producers, and what they have said of hosts; what they have said of logs is freed with those. */
void logs_free_producers(struct logs *l);

#endif
