/*
 * Who sends status records. Several runs of a tool may share a bus, as the shards of ct-fetch
 * do, and each tells its own numbers; so they are kept apart by the member producer of records.
 */
#ifndef CT_WS_SITE_LOGS_PRODUCER_H
#define CT_WS_SITE_LOGS_PRODUCER_H

#include "ct-ws/site/figures.h"

struct logs;
struct logs_log;

enum {
	MAX_PRODUCERS = 64,	/* runs of tools; a further one replaces the one that is silent for longest */
	MAX_REPORTS = 4,	/* on one log, by ct-fetch processes; a further one replaces the oldest */
	LOGS_OLD_MS = 600 * 1000,	/* after which what a status record said is not shown any more */
};

enum logs_stage {
	LOGS_FETCH,
	LOGS_PARSE,
	LOGS_HUB,
	LOGS_STAGES,
};

/* One run of a tool, and its newest status record. The texts are owned. */
struct logs_producer {
	char *name;		/* empty where its records do not name it; NULL: this place is free */
	char *shard;		/* as "1/3", or empty */
	enum logs_stage stage;
	struct figures figures;
	uint64_t first, at;	/* ms of the loop's clock when the first and the newest record came */
	uint64_t every;		/* ms between the last two; 0 before the second */
};

/* What a ct-fetch said of one log when it last named it. The texts are owned. */
struct logs_report {
	const struct logs_producer *of;	/* NULL: this place is free */
	struct figures figures;
	char *state, *error;	/* NULL while the place has never been used */
	uint64_t at;		/* ms of the loop's clock */
};

/* The numbers that the status records of each tool have. */
extern const struct figure_table *const logs_tables[LOGS_STAGES];

/* Returns the run of the tool `stage` that follows p, or the first when p is NULL; NULL when none follows. */
const struct logs_producer *logs_next(const struct logs *l, enum logs_stage stage,
    const struct logs_producer *p);

/* Returns the sum, over all runs of the tool `stage`, of the number with the key member in their records. */
double logs_sum(const struct logs *l, enum logs_stage stage, const char *member);

/*
 * Returns true when what `of`, a ct-fetch, said at the time `at` still counts at the time now. It counts
 * for LOGS_OLD_MS, or for three times as long as its records are apart. Returns false when of is NULL.
 */
bool logs_is_fresh(const struct logs_producer *of, uint64_t at, uint64_t now);

/*
 * Returns the report on log g to be shown at the time now, of those that logs_is_fresh: that of the
 * ct-fetch that is furthest in the log, because the newest entries come from it. Returns NULL when no
 * report is fresh.
 */
const struct logs_report *logs_best(const struct logs_log *g, uint64_t now);

#endif
