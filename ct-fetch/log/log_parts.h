/*
 * How the files that make a log (log.h) work together: log.c, log_heads.c, log_audit.c,
 * log_begin.c, log_lanes.c and log_final.c.
 */
#ifndef CT_FETCH_LOG_LOG_PARTS_H
#define CT_FETCH_LOG_LOG_PARTS_H

#include "ct-fetch/log/log.h"
#include "ct-fetch/state/evidence.h"

/*
 * Notes in trouble, one of log's, that a request for `what` brought nothing, and why. Tells the user
 * when trouble.h says that it is time to.
 */
void log_trouble(struct log *log, struct trouble *trouble, const char *what, const char *why);

/* Notes in trouble that a request succeeded. Tells the user so if they were told of the failures before. */
void log_success(struct log *log, struct trouble *trouble);

/* Gives the log up for this run (see failed in struct log), and tells that `what` failed, and why. */
void log_give_up(struct log *log, const char *what, const char *why);

/*
 * Keeps as evidence that log contradicts what it has signed, or the list. name and id of incident
 * need not be set.
 */
void log_accuse(struct log *log, const struct evidence_incident *incident);

/* Prepares the heads of log (log_heads.c). */
void log_heads_init(struct log *log);

/*
 * Takes the next step that has to do with heads. now is in loop ms. Returns the loop ms at which to
 * call again, or HOST_NEVER.
 */
uint64_t log_turn_head(struct log *log, uint64_t now);

/* Prepares the audit of log (log_audit.c). */
void log_audit_init(struct log *log);

/* Asks whether head, which is smaller than the best one, is its beginning, unless another is asked about. */
void log_audit(struct log *log, const struct head *head);

/*
 * Asks log, once, whether its best head continues the head of its mark, when entries have not reached that
 * one. Returns true while there is no answer, for a minute at most: then nothing may go out. Without one
 * the heads are compared when entries reach them. *again becomes the loop ms of that, if it is earlier.
 */
bool log_audits_place(struct log *log, uint64_t now, uint64_t *again);

/*
 * Keeps as evidence of that kind two signed heads that exclude each other; fetching goes on. root is the
 * one that the first lacks, or is in place of its own.
 */
void log_equivocates(struct log *log, const char *kind, const struct head *head,
    const struct heads_root *root, const struct head *other);

/* Returns the signed head that is kept of root, else the best one, else NULL; valid as with heads_next. */
const struct head *log_head_of(const struct log *log, const struct heads_root *root);

/* log_begin_init prepares the beginning of log (log_begin.c), and log_begin_free ends it. */
void log_begin_init(struct log *log);
void log_begin_free(struct log *log);

/* Takes the next step to the stage LOG_RUNS. now and again are as in lane_turn and proof_turn. */
void log_begin_turn(struct log *log, uint64_t now, uint64_t *again);

/* Frees the lanes of log (log_lanes.c). */
void log_lanes_free(struct log *log);

/*
 * Adds a lane for entries that are owed, and returns it: those behind range and before `to`, in the tree
 * of head. reason says why they are owed; it is copied.
 */
struct lane *log_add_gap(struct log *log, const struct tree *range, uint64_t to,
    const struct head *head, const char *reason);

/*
 * Writes a gap record for the entries from (inclusive) to `to` (exclusive). reason is that of struct
 * mark_gap, "" for a backlog. closed is true when they have gone out.
 */
void log_say_gap(struct log *log, uint64_t from, uint64_t to, const char *reason, bool closed);

/* Takes news of a lane of log, with what and why: the function told of lane_open. cookie is the log. */
void log_told(void *cookie, struct lane *lane, enum lane_news news, const char *what,
    const char *why);

/* Notes that a page or proof failed: what was asked for, and why. With --once, the log may be given up. */
void log_lane_trouble(struct log *log, const char *what, const char *why);

/*
 * Tells that the log has given no proof for `what`, and why, and whether entries of lane now go out
 * without one.
 */
void log_unproven(struct log *log, struct lane *lane, const char *what, const char *why);

/*
 * Begins with the lanes when a head is there, and takes their next steps. now is in loop ms. Returns
 * the loop ms at which to call again, or HOST_NEVER.
 */
uint64_t log_turn_lanes(struct log *log, uint64_t now);

/*
 * Compares the tree of range, which is proven, with the one that the log has ended with by its
 * list, when it has the same size (log_final.c). Says whether they are the same; when not, keeps
 * that as evidence together with head, under which range was proven; NULL: it is not known.
 */
void log_compare_final(struct log *log, const struct tree *range, const struct head *head);

/* Tells when the place next is behind the tree that the log has ended with by its list. */
void log_compare_place(struct log *log, uint64_t next);

/*
 * Tells when a tree of size entries, of which the log is known to have all, is larger or smaller than
 * the one that the log has ended with by its list: what is behind that is not fetched, and what is
 * missing is waited for.
 */
void log_compare_size(struct log *log, uint64_t size);

#endif
