/*
 * How the files that make a log (log.h) work together: log.c, log_heads.c, log_begin.c,
 * log_lanes.c and log_final.c.
 */
#ifndef CT_FETCH_LOG_LOG_PARTS_H
#define CT_FETCH_LOG_LOG_PARTS_H

#include "ct-fetch/log/log.h"
#include "ct-fetch/state/evidence.h"

/* Tells the user, not each time, that a request for `what` brought nothing, and why. */
void log_trouble(struct log *log, struct trouble *trouble, const char *what, const char *why);

/* Tells the user that a trouble is over, if they know of it. */
void log_success(struct log *log, struct trouble *trouble);

/* Ends the log for this run, which with --once must come to an end. */
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

/* log_begin_init prepares the beginning of log (log_begin.c), and log_begin_free ends it. */
void log_begin_init(struct log *log);
void log_begin_free(struct log *log);

/* Takes the next step to the stage LOG_RUNS. now and again are as in lane_turn and proof_turn. */
void log_begin_turn(struct log *log, uint64_t now, uint64_t *again);

/* Frees the lanes of log (log_lanes.c). */
void log_lanes_free(struct log *log);

/* Adds a lane for entries that are owed: those behind range, up to `to`, in the tree of head. */
struct lane *log_add_gap(struct log *log, const struct tree *range, uint64_t to,
    const struct head *head, const char *reason);

/* Writes a gap record; reason is "" for a backlog, as in the mark. */
void log_say_gap(struct log *log, uint64_t from, uint64_t to, const char *reason, bool closed);

/* Takes what a lane of log tells; cookie is log. */
void log_told(void *cookie, struct lane *lane, enum lane_news news, const char *what,
    const char *why);

/* What a page or a proof was for was not to be had. With --once, a log that brings nothing is given up. */
void log_lane_trouble(struct log *log, const char *what, const char *why);

/* The log has given no proof: tells it, and that entries of lane go out without one if they do. */
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

#endif
