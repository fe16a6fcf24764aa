/* A log of the board: one item of "logs" in a status record of ct-fetch (ct-entry(5)). */
#ifndef CT_LATEST_BOARD_LOG_H
#define CT_LATEST_BOARD_LOG_H

#include "base/buf.h"

struct columns;

/* The logs of one ct-fetch, summed up. */
struct board_sum {
	uint64_t logs, live, trouble, behind;	/* how many logs; how many of them are in these states */
	uint64_t lag;		/* entries that those which are behind still owe */
	double rate;		/* entries a second */
};

struct board_log {
	struct span object;	/* the item as JSON, in the record */
	double seen;		/* the time of the record, in seconds since 1970 */
};

/* Makes *table an empty table of logs, which has only its heads. columns_free frees it. */
void board_log_init(struct columns *table);

/* Adds the log to table. */
void board_log_put(struct board_log log, struct columns *table);

/* Adds log to the numbers in *sum. */
void board_log_sum(struct board_log log, struct board_sum *sum);

/* Returns true when a and b are the same log, by log_id, or by URL where they have none. */
bool board_log_is(struct board_log a, struct board_log b);

#endif
