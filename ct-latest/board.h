/*
 * The board: status records as people want to see them. A line for each stage comes first, and then a
 * table with a line for each log.
 */
#ifndef CT_LATEST_BOARD_H
#define CT_LATEST_BOARD_H

#include "base/buf.h"

enum {
	MAX_BOARD_STAGES = 256,	/* lines of stages; further ones are left out */
	MAX_BOARD_LOGS = 2048,	/* there are about 100; further ones are left out */
};

/* How much room there is on the terminal. */
struct board_room {
	unsigned width;		/* columns of the longest line that may be written */
	unsigned height;	/* lines that may be written; at least 1 */
};

/*
 * Appends to out the board of records: the answer to the question "status" (ct-bus(5)), lines with LF.
 * Lines that are not status records are left out. The board takes at most the room that `room` says, and
 * is printable ASCII, with LF between its lines and none behind the last. When several records tell of
 * the same log, the newest of them is shown. now is the time of day in seconds since 1970.
 */
void board_put(struct span records, struct board_room room, double now, struct buf *out);

#endif
