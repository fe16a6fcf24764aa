/*
 * A mark: the place of every log, at one moment. The place of a log is the index of the entry
 * that is to go out next; all entries before it have gone out. A mark is stored, or sent as a
 * record, so that the next run goes on from there. A log that is not followed now keeps its place
 * in the mark, for the day it comes back.
 */
#ifndef CT_FETCH_MARK_H
#define CT_FETCH_MARK_H

#include "base/buf.h"
#include "enc/hash.h"

struct mark_log {
	uint8_t id[HASH_SHA256];
	char *name;		/* for people who read the mark; owned by it */
	uint64_t next;		/* the place: index of the entry that goes out next */
};

/* The logs of a mark, sorted by log ID. */
struct mark {
	struct mark_log *logs;
	size_t n, cap;
};

enum {
	MAX_MARK = 16 << 20,		/* bytes of a stored mark: the limit of any record */
	MAX_MARK_LOGS = 100000,		/* bounds the memory a mark can take */
};

/* Makes mark one without logs. */
void mark_init(struct mark *mark);

/* Frees the logs of mark, which is then without logs. */
void mark_free(struct mark *mark);

/*
 * Replaces mark by what line holds, a mark record with or without LF. Members it does not know
 * are ignored. Returns NULL, or a static reason, and then mark is without logs.
 */
const char *mark_parse(struct mark *mark, struct span line);

/*
 * Returns the log with this ID, in mark and valid until mark_set or mark_free, or NULL when mark
 * does not have it.
 */
const struct mark_log *mark_find(const struct mark *mark, const uint8_t id[HASH_SHA256]);

/* Sets the place of the log with this ID, and adds the log if it is new. name is copied. */
void mark_set(struct mark *mark, const uint8_t id[HASH_SHA256], const char *name, uint64_t next);

/* Appends mark to out as a record, LF included. */
void mark_put(const struct mark *mark, struct buf *out);

#endif
