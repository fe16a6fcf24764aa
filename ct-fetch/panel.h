/*
 * The panel: how a run gets on, as lines of text for people. The first line sums up the run; below
 * the heads of the columns stands a line for each log.
 */
#ifndef CT_FETCH_PANEL_H
#define CT_FETCH_PANEL_H

#include "base/buf.h"
#include "ct-fetch/log/log_view.h"

enum {
	MIN_PANEL = 4,		/* lines of the smallest table: summary, heads, a log, and the rest */
};

/* What the panel shows, and how much room there is for it. */
struct panel {
	const struct log_view *logs;	/* n of them, in the order in which they are shown */
	size_t n;
	uint64_t entries;	/* entries that the run has put out */
	double rate;		/* entries that it has put out a second, lately */
	unsigned width;		/* columns of the longest line that may be written; 0: no limit */
	unsigned height;	/* lines that may be written; 0: no limit */
};

/*
 * Appends the panel to out, in ASCII, with LF between its lines and none behind the last. Where it
 * is too narrow for all columns, names and states become shorter, and then columns are left out.
 * Where it is too low for all logs, those in trouble and those that are behind come first, and the
 * last line tells how many are not shown. With a height below MIN_PANEL there is only the first line.
 */
void panel_put(const struct panel *panel, struct buf *out);

#endif
