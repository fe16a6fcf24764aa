/*
 * A mark: what is known of every log at one moment, so that the next run goes on from there. All
 * entries of a log before its place have gone out, but for those in its gaps. A mark is stored, or
 * sent as a record (ct-entry(5)). A log that is not followed now stays in the mark, for the day it
 * comes back.
 */
#ifndef CT_FETCH_MARK_H
#define CT_FETCH_MARK_H

#include "base/buf.h"
#include "ct/head.h"

enum {
	MARK_VERSION = 2,		/* of what mark_put writes, and the newest that can be read */
	MAX_MARK = 16 << 20,		/* bytes of a stored mark: the limit of any record */
	MAX_MARK_LOGS = 10000,		/* bounds the memory a mark can take */
	MAX_MARK_GAPS = 64,		/* of one log */
	MAX_MARK_REASON = 128,		/* bytes of a gap's reason, its NUL included */
};

/*
 * What of --since is still looked for: the first entry as late as ms. Entries before the index `to`, in
 * front of that one, do not go out. Zeros: nothing is.
 */
struct mark_since {
	uint64_t ms;			/* since 1970 */
	uint64_t to;
};

/* A range of entries that is owed. It holds no pointer, so it may be copied by assignment. */
struct mark_gap {
	uint64_t from, to;		/* the indexes from <= i < to are missing; from < to */
	bool has_tree;			/* tree is set */
	struct tree tree;		/* the compact range of the entries before from */
	uint64_t size;			/* entries of the signed tree that is to prove it, >= to */
	uint8_t root[TREE_HASH];	/* the root hash of that tree */
	struct mark_since since;	/* of its entries */
	char reason[MAX_MARK_REASON];	/* what went wrong; "" for a backlog left for later */
};

struct mark_log {
	uint8_t id[HASH_SHA256];
	char *name;		/* for people who read the mark */
	uint64_t next;		/* the place: index of the entry that goes out next */
	bool has_tree;		/* tree is set; a mark of version 1 has none */
	struct tree tree;	/* the compact range of the entries before next: tree.n is next */
	bool has_head;		/* head is set; a mark of version 1 has none */
	struct head head;	/* the last signed head under which entries were proven */
	bool unproven;		/* the entries of this log go out without proof */
	struct mark_since since;	/* of the entries from next on */
	struct mark_gap *gaps;	/* sorted, apart from each other, all before next */
	size_t gaps_n;		/* at most MAX_MARK_GAPS */
};

/* The logs of a mark, sorted by log ID. The mark owns them, with their names and gaps. */
struct mark {
	struct mark_log **logs;
	size_t n, cap;
};

/* Makes *mark empty. */
void mark_init(struct mark *mark);

/* Frees the logs of mark, which is then without logs. */
void mark_free(struct mark *mark);

/*
 * Replaces mark by what line holds, a mark record of any version up to MARK_VERSION, with or
 * without LF. Members it does not know are ignored. Returns NULL, or a static reason; then mark is
 * without logs, and *at is the byte of line behind which the damage was noticed.
 */
const char *mark_parse(struct mark *mark, struct span line, size_t *at);

/*
 * Returns what mark says of the log with the log ID id, valid until mark_set is called for that log or
 * mark is freed; or NULL when mark does not have it.
 */
const struct mark_log *mark_find(const struct mark *mark, const uint8_t id[HASH_SHA256]);

/*
 * Returns NULL when the members of log are as the comments of its struct say, else a static reason. Only
 * such a log can be read again once it has been written.
 */
const char *mark_check(const struct mark_log *log);

/*
 * Replaces the log with the ID of log by a copy of log, or adds it if it is new; name and gaps are
 * copied too. log must not be in mark. Ends the process with 101 when mark_check refuses log:
 * the mark that is stored is then still a good one.
 */
void mark_set(struct mark *mark, const struct mark_log *log);

/* Appends mark to out as a record of MARK_VERSION, LF included. */
void mark_put(const struct mark *mark, struct buf *out);

#endif
