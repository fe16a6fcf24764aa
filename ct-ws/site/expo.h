/*
 * Writes metrics as Prometheus reads them, in either of its texts: that of version
 * 0.0.4, or OpenMetrics 1.0.0. Both come from the same calls:
 *	expo_family(&e, "ct_log_errors_total", EXPO_COUNTER, "Requests that failed, by log.");
 *	expo_count(&e, 3, labels, 1);
 * All samples of a family are put behind its expo_family and before the next one, and no
 * two of them have the same labels; both is up to the caller. A family without a sample
 * is left out.
 */
#ifndef CT_WS_SITE_EXPO_H
#define CT_WS_SITE_EXPO_H

#include "base/buf.h"

enum expo_type {
	EXPO_COUNTER,	/* its name ends in _total */
	EXPO_GAUGE,	/* its name does not end in _total */
	EXPO_UNKNOWN,	/* any name: for names of other servers that break those two rules */
};

struct expo_label {
	const char *name;
	const char *value;	/* UTF-8; any text, which is escaped */
};

struct expo {
	struct buf *out;	/* borrowed */
	bool openmetrics;
	bool told;		/* the lines with help and type of the family have been written */
	enum expo_type type;
	const char *name, *help;	/* of the family; static texts */
};

/* Begins to write to out, which is borrowed: OpenMetrics when openmetrics is true, else version 0.0.4. */
void expo_init(struct expo *e, struct buf *out, bool openmetrics);

/* Returns the Content-Type of the text in OpenMetrics, or else in version 0.0.4; a static text. */
const char *expo_content_type(bool openmetrics);

/*
 * Begins a family of this type. name is that of its samples. help is one line for people, without quotes
 * and backslashes. Both are static texts.
 */
void expo_family(struct expo *e, const char *name, enum expo_type type, const char *help);

/*
 * Put a sample with this value and n labels into the family. For expo_real the value is any finite number,
 * which is written with 15 digits at most.
 */
void expo_count(struct expo *e, uint64_t value, const struct expo_label *labels, size_t n);
void expo_real(struct expo *e, double value, const struct expo_label *labels, size_t n);

/* Puts a whole family (see expo_family) of one sample, which has this value and no label. */
void expo_one(struct expo *e, const char *name, enum expo_type type, const char *help,
    uint64_t value);

/* Ends the text. */
void expo_end(struct expo *e);

#endif
