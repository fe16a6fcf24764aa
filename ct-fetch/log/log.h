/*
 * A log that is followed: its tree heads, and its lanes (lane.h), which bring its entries. Works
 * with either protocol.
 *
 * The log's place is the index of the entry that its live lane puts out next. All entries before it
 * have gone out, but for those in gaps, each of which has a lane of its own.
 */
#ifndef CT_FETCH_LOG_LOG_H
#define CT_FETCH_LOG_LOG_H

#include "ct-fetch/log/lane.h"
#include "ct-fetch/log/log_audit.h"
#include "ct-fetch/log/rate.h"
#include "ct-fetch/log/trouble.h"
#include "ct-fetch/state/mark.h"

/* What is known of a log before it is followed. Nothing in it is kept; strings are copied. */
struct log_identity {
	struct source_identity source;
	uint64_t final_size;		/* entries of a log that has ended; UINT64_MAX: it goes on */
	uint8_t final_root[TREE_HASH];	/* root hash of its last head, when it has ended */
	bool whole;			/* it has just come into being: without a place, it begins at 0 */
	bool given;			/* named by -u: its first head must verify */
	uint64_t mmd;			/* ms, its maximum merge delay; 0: not known */
};

/* How a log begins. */
enum log_stage {
	LOG_WAITS,	/* for a head, or for one that is as large as its place */
	LOG_LOOKS,	/* its first entry of --since is being looked for */
	LOG_SEEDS,	/* the compact range at its place is being asked for */
	LOG_RUNS,	/* it has its lanes */
};

struct log {
	struct fetch *fetch;
	struct source source;
	bool probing;		/* the protocol is a guess until the first head */
	bool given;		/* this, mmd, final_size and final_root are as in log_identity */
	uint64_t mmd;
	uint64_t final_size;
	uint8_t final_root[TREE_HASH];
	uint64_t leave_by;	/* loop ms: gone from the lists, it is finished until then; 0: it stays */
	const char *leave_why;	/* why it is, a static string */
	uint64_t end;		/* index behind the last entry that is wanted */

	enum log_stage stage;
	bool placed;		/* place says where to begin; else it is the end of the first head */
	struct mark_log place;	/* from a mark, or only next of it; name is NULL */
	struct since *search;	/* with LOG_LOOKS; owned */
	uint64_t searched;	/* tree size in which --since was looked for; 0: it was not */
	struct proof seed;	/* asks for the range at the place */
	uint64_t seed_due;	/* loop ms: not asked for before */
	struct lane *lanes;	/* the live one first, then the gaps */

	struct heads heads;
	struct log_audit audit;
	struct ask head_ask;
	uint64_t head_due, head_early;	/* loop ms; the latter: once all full pages are asked for */
	unsigned poll;		/* ms between heads, now */
	bool still;		/* the last head was no larger than the one before */
	uint64_t head_came;	/* loop ms of the last good answer to a request for the head; 0: none */
	uint64_t goal, goal_came;	/* size of a head that came then: the next goal of its place */
	uint64_t whole_at;	/* loop ms when the goal before came; 0: none was reached yet */

	uint64_t said, said_at;	/* the place in the last head record, and loop ms of it */
	struct trouble head_trouble, page_trouble, proof_trouble, clock_trouble, final_trouble;
	struct rate rate;	/* entries that go out */
	unsigned smaller;	/* later heads of smaller trees in a row */
	bool stored;		/* its place is that of a mark, and not of -s */
	bool beyond;		/* its place is beyond its head, and that has been told */
	bool short_of;		/* with --once: entries were left out */
	bool failed;		/* given up: with --once, or a log of -u with a wrong key */
	bool forked;		/* it has signed two trees that exclude each other, or ended in another */
	uint64_t errors;	/* requests that brought nothing, since the start */
	struct mark_gap *gaps;	/* what log_mark last returned; owned */
};

/*
 * Returns a log that is part of the run fetch, which must outlive it; who says which log it is.
 * Returns NULL with *why set to a static reason when the key in who cannot be read.
 */
struct log *log_open(struct fetch *fetch, const struct log_identity *who, const char **why);

/* Cancels the log's requests and frees it. Entries that have come and are not put out are lost. */
void log_free(struct log *log);

/*
 * Sets the place of a log that has none. place, which is copied, is what a mark says of it; or it has no
 * name, and only the index of the first entry wanted as next. Without this, the log begins where its
 * first head ends.
 */
void log_place(struct log *log, const struct mark_log *place);

/*
 * Fills out with what the next run needs to go on with log where it is now. The name and the gaps
 * in out belong to log and are valid until its next log_mark, log_turn or log_free. Returns false,
 * with *out undefined, when log has no place yet.
 */
bool log_mark(const struct log *log, struct mark_log *out);

/* Takes every step that is possible now. Returns when to call again, as lane_turn does. */
uint64_t log_turn(struct log *log);

/*
 * Lets log end where its largest verified head does now, or at its place when no head has come; it
 * is still put out up to there, and its gaps are still filled. Returns false when nothing is owed
 * any more that can be fetched.
 */
bool log_finish(struct log *log);

/* Returns true when all that is wanted has been put out, or the log has been given up. */
bool log_is_done(const struct log *log);
/* Returns the index of the entry that goes out next, or 0 when there is no place yet. */
uint64_t log_next(const struct log *log);

/* Returns how many entries of the head are wanted and have not been put out, gaps left aside. */
uint64_t log_lag(const struct log *log);

#endif
