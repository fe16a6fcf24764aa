/*
 * How the files that make a log (log.h) work together: log.c, log_heads.c, log_lanes.c and
 * log_final.c.
 */
#ifndef CT_FETCH_LOG_LOG_PARTS_H
#define CT_FETCH_LOG_LOG_PARTS_H

#include "ct-fetch/log/log.h"

/* Tells the user, not each time, that a request for `what` brought nothing, and why. */
void log_trouble(struct log *log, struct trouble *trouble, const char *what, const char *why);

/* Tells the user that a trouble is over, if they know of it. */
void log_success(struct log *log, struct trouble *trouble);

/* Ends the log for this run, which with --once must come to an end. */
void log_give_up(struct log *log, const char *what, const char *why);

/* Prepares the heads of log (log_heads.c). */
void log_heads_init(struct log *log);

/*
 * Takes the next step that has to do with heads. now is in loop ms. Returns the loop ms at which to
 * call again, or HOST_NEVER.
 */
uint64_t log_turn_head(struct log *log, uint64_t now);

/* log_lanes_init prepares the lanes of log (log_lanes.c), and log_lanes_free frees them. */
void log_lanes_init(struct log *log);
void log_lanes_free(struct log *log);

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
