/*
 * Marks: for each log the index of the next entry, everything before which
 * has been passed on. A log that is not followed now keeps its place, so
 * that nothing is forgotten when it comes back.
 */
#ifndef CT_FETCH_MARK_H
#define CT_FETCH_MARK_H

#include "base/buf.h"
#include "enc/hash.h"

struct mark_log {
	uint8_t id[HASH_SHA256];
	char *name;		/* for people; owned by the mark */
	uint64_t next;
};

/* Sorted by log ID. */
struct mark {
	struct mark_log *logs;
	size_t n, cap;
};

enum {
	MAX_MARK = 16 << 20,		/* bytes of a stored mark: one record */
	MAX_MARK_LOGS = 100000,		/* memory */
};

void mark_init(struct mark *);
void mark_free(struct mark *);

/*
 * Reads a mark record (a line, with or without LF); members not known here
 * are ignored. NULL, or a static reason and an empty mark.
 */
const char *mark_parse(struct mark *, struct span line);

/* The place of this log; NULL when the mark has none. */
const struct mark_log *mark_find(const struct mark *, const uint8_t id[HASH_SHA256]);

/* Sets the place of this log, new or known. name is copied. */
void mark_set(struct mark *, const uint8_t id[HASH_SHA256], const char *name, uint64_t next);

/* Appends the record, LF included. */
void mark_put(const struct mark *, struct buf *);

#endif
