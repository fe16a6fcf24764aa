/*
 * The numbers that the status records of the tools hold (ct-entry(5), ct-parse(1),
 * ct-hub(1)), and under which names ct-ws shows them to Prometheus. A number that has
 * no row in these tables is not kept.
 */
#ifndef CT_WS_SITE_FIGURES_H
#define CT_WS_SITE_FIGURES_H

#include "ct-ws/site/expo.h"
#include "enc/json.h"

enum { MAX_FIGURES = 24 };	/* rows of a table */

/* One number of a record. Rows with the same name stand behind one another. */
struct figure {
	const char *member;	/* its key in the record */
	const char *name;	/* of its metric */
	enum expo_type type;
	const char *help;
	bool is_outcome;	/* the member is the value of a label "outcome" */
};

struct figure_table {
	const struct figure *rows;
	size_t n;
};

extern const struct figure_table figures_fetch;	/* of ct-fetch as a whole */
extern const struct figure_table figures_log;	/* of ct-fetch, each log */
extern const struct figure_table figures_host;	/* of ct-fetch, each host */
extern const struct figure_table figures_parse;	/* of ct-parse */
extern const struct figure_table figures_hub;	/* of ct-hub */

/* The numbers of one thing, by the rows of its table. All zero at the start. */
struct figures {
	double value[MAX_FIGURES];
	uint32_t known;		/* bit i is set when value[i] is */
};

/*
 * Takes the value that comes next in j, that of the member key, into *f when table has a row for key and
 * the value is a number; a null makes that number unknown. Any other value is skipped.
 */
void figures_take(struct figures *f, const struct figure_table *table, struct json_str key,
    struct json *j);

/* Returns the number in *f, whose rows are those of table, with the key member; unknown, `otherwise`. */
double figures_get(const struct figures *f, const struct figure_table *table, const char *member,
    double otherwise);

#endif
