/* The status of a run: what it has done so far, as a record for programs. */
#ifndef CT_FETCH_STATUS_H
#define CT_FETCH_STATUS_H

#include "base/buf.h"
#include "ct-fetch/fetch.h"
#include "os/producer.h"

struct catalog;
struct choice;
struct log;

/* What records are made of besides the logs. All but producer is borrowed. */
struct status {
	char producer[PRODUCER_NAME + 1];	/* the name of this run */
	const struct fetch *fetch;
	const struct choice *choice;
	const struct catalog *catalog;	/* NULL: there is no log list */
};

/* Draws the name of the run. There is no catalog until the caller sets it. */
void status_init(struct status *s, const struct fetch *fetch, const struct choice *choice);

/* Appends the status record (ct-entry(5)) of the run and its n logs to out, LF included. */
void status_put(struct buf *out, const struct status *s, struct log *const *logs, size_t n);

#endif
