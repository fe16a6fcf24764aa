/* What the files of struct logs share: texts as they are kept, and finding logs and producers. */
#ifndef CT_WS_SITE_LOGS_PARTS_H
#define CT_WS_SITE_LOGS_PARTS_H

#include "ct-ws/site/logs.h"

/* Sets out to the text of s as it is kept: cut, with "?" in place of characters that may not be shown. */
void logs_make_text(struct buf *out, struct json_str s);

/* Sets out to the URL s as it is kept: without its scheme, and without slashes at its end. */
void logs_make_url(struct buf *out, struct json_str s);

/* Returns true when the C string kept is equal to text. */
bool logs_is(const char *kept, struct span text);

/* Replaces *kept, which is owned or NULL, by a copy of text, unless it is the same. */
void logs_keep(char **kept, struct span text);

/*
 * Returns the log whose URL is url. When there is none, returns the log called name if its URL is not
 * known, or a new log, and gives it the URL. Returns NULL when there is no room or url is empty.
 */
struct logs_log *logs_by_url(struct logs *l, struct span url, struct json_str name);

/*
 * Returns the log whose log_id is id. When there is none, returns the log called name if its log_id is
 * not known, or a new log, and gives it the log_id. Returns NULL when there is no room or id is empty.
 */
struct logs_log *logs_by_id(struct logs *l, struct json_str id, struct json_str name);

/*
 * Returns the run of the tool `stage` that is called name and has this shard, as a record says that came
 * at the time now; a new run when it is not known. Notes that a record came. Forgets earlier runs of the
 * same tool and shard that have ended: one has when it has been silent for three times as long as its
 * records, or those of the new run, are apart.
 */
struct logs_producer *logs_producer(struct logs *l, enum logs_stage stage, struct json_str name,
    struct json_str shard, uint64_t now);

/*
 * Returns the place for what `of`, a ct-fetch, says of log g. When it has none yet, it gets one that is
 * free, or the one that was written longest ago.
 */
struct logs_report *logs_report(struct logs_log *g, const struct logs_producer *of);

/* Returns the place for what `of`, a ct-fetch, says of the host called name; NULL: there is no room. */
struct logs_host *logs_host(struct logs *l, const struct logs_producer *of, struct span name);

/* Frees the producers, and what they have said of hosts; what they have said of logs is freed with those. */
void logs_free_producers(struct logs *l);

#endif
