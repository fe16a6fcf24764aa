/*
 * A log that is followed: the largest tree head it has shown, the pages that are under way, and
 * its place, which is the index of the entry that goes out next. Works with either protocol.
 *
 * Entries leave in order of their index, without hole or repeat. The place moves by what was
 * received, never by what was asked for.
 */
#ifndef CT_FETCH_LOG_H
#define CT_FETCH_LOG_H

#include "ct-fetch/net/ask.h"
#include "ct-fetch/log/page.h"
#include "ct-fetch/log/rate.h"
#include "ct-fetch/log/source.h"
#include "ct-fetch/log/trouble.h"
#include "ct-fetch/state/mark.h"
#include "ct/head.h"

enum {
	LOG_DEPTH = 4,		/* pages of one log under way at a time */
};

/* What is known of a log before it is followed. Nothing in it is kept; strings are copied. */
struct log_identity {
	struct source_identity source;
	uint64_t final_size;		/* entries of a log that has ended; UINT64_MAX: it goes on */
	bool given;			/* named by -u: its first head must verify */
};

struct log {
	struct fetch *fetch;
	struct source source;
	bool probing;		/* the protocol is a guess until the first head */
	bool given;		/* as in log_identity */

	bool placed;		/* next is set */
	uint64_t next;		/* index of the entry that goes out next: the log's place */
	uint64_t asked;		/* first index that no page covers yet */
	uint64_t final_size;	/* as in log_identity */
	uint64_t end;		/* index behind the last entry that is wanted */
	struct page pages[LOG_DEPTH];	/* a ring, in order of index */
	unsigned first, count;	/* of the pages in use */
	unsigned depth;		/* pages that may be in use: grows when they come whole */

	bool has_head;
	struct head head;	/* the largest verified one */
	struct ask head_ask;
	uint64_t head_due;	/* loop ms */
	unsigned poll;		/* ms between heads, now */
	bool still;		/* the last head was no larger than the one before */
	uint64_t tail_since;	/* loop ms: since when an incomplete page is owed; 0: none is */

	uint64_t head_came;	/* loop ms of the last good answer to a request for the head */
	uint64_t goal, goal_came;	/* size of a head that came then: the next goal of its place */
	uint64_t whole_at;	/* loop ms when the goal before came; 0: none was reached yet */

	unsigned failures;	/* requests in a row that brought nothing of use */
	struct trouble trouble;	/* the same failures, as people see them */
	struct rate rate;	/* entries that go out */
	uint64_t not_before;	/* loop ms: nothing is asked for before */
	bool failed;		/* given up: with --once, or a log of -u with a wrong key */
	uint64_t errors;	/* since the start */
};

/*
 * Makes a log in the state of fetch, which must outlive it. Returns NULL with *why set to a
 * static reason when the key in who cannot be read.
 */
struct log *log_open(struct fetch *fetch, const struct log_identity *who, const char **why);

/* Cancels the log's requests and frees it. Entries that have come and are not put out are lost. */
void log_free(struct log *log);

/*
 * Sets the place of a log that has none: next is the index of the first entry wanted. Without
 * this, the log begins where its first head ends.
 */
void log_place(struct log *log, uint64_t next);

/*
 * Fills out with what the next run needs to go on with log where it is now. The name and the gaps
 * in out belong to log and are valid until log_turn or log_free. Returns false, with *out
 * undefined, when log has no place yet.
 */
bool log_mark(const struct log *log, struct mark_log *out);

/*
 * Takes every step that is possible now: puts out entries, asks for the head and for pages.
 * Returns the loop ms at which to call again, or HOST_NEVER when only an answer or room on
 * standard output brings more to do.
 */
uint64_t log_turn(struct log *log);

/* Returns true when all that is wanted has been put out, or the log has been given up. */
bool log_is_done(const struct log *log);

/* Returns how many entries of the head are wanted and have not been put out. */
uint64_t log_lag(const struct log *log);

#endif
