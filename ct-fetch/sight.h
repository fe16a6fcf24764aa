/*
 * Sight: what people at a terminal are shown of a run. While it goes on, a table stands at the end
 * of the terminal behind standard error, if there is one (progress.h); it can be printed at any
 * time too.
 */
#ifndef CT_FETCH_SIGHT_H
#define CT_FETCH_SIGHT_H

#include "ct-fetch/log/rate.h"
#include "ct-fetch/watch.h"

struct sight {
	const struct fetch *fetch;
	const struct watch *watch;
	bool live;		/* the table is wanted at the end of the terminal */
	struct rate rate;	/* entries of the whole run */
};

/* Prepares sight; fetch and watch must outlive it. Nothing is shown yet. */
void sight_init(struct sight *sight, const struct fetch *fetch, const struct watch *watch);

/* Measures the rate of the run and shows the table anew. To be called once a second. */
void sight_tick(struct sight *sight);

/* Shows the table anew because the terminal has another size now. */
void sight_resize(const struct sight *sight);

/* Writes the table with all logs to standard error, whether or not that is a terminal. */
void sight_print(const struct sight *sight);

/* Removes the table from the terminal. */
void sight_end(struct sight *sight);

#endif
