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

/*
 * Prepares s with fetch and choice, which must outlive it, and draws a name for the run. catalog is
 * NULL until the caller sets it.
 */
void status_init(struct status *s, const struct fetch *fetch, const struct choice *choice);

/* Appends to out the status record (ct-entry(5)) of the run that s is for and of its n logs, with its LF. */
void status_put(struct buf *out, const struct status *s, struct log *const *logs, size_t n);

#endif
