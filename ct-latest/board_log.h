/* A log of the board: one item of "logs" in a status record of ct-fetch (ct-entry(5)). */
#ifndef CT_LATEST_BOARD_LOG_H
#define CT_LATEST_BOARD_LOG_H

#include "base/buf.h"

struct columns;

/* What the logs of one ct-fetch are about together. */
struct board_sum {
	uint64_t logs, live, trouble, behind;	/* logs, and how many of them are in which state */
	uint64_t lag;		/* entries by which those are behind that are */
	double rate;		/* entries a second */
};

struct board_log {
	struct span object;	/* of the record */
	double seen;		/* the time of the record, in seconds since 1970 */
};

/* Makes table one with the heads of a table of logs. */
void board_log_init(struct columns *table);

/* Adds the log to table. */
void board_log_put(struct board_log log, struct columns *table);

/* Adds what the log is about to sum. */
void board_log_sum(struct board_log log, struct board_sum *sum);

/* Returns true when both are the same log, by log_id, or by URL where they have none. */
bool board_log_is(struct board_log a, struct board_log b);

#endif
