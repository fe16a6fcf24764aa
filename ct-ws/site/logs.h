/*
 * What the stream says of itself and of the logs: the newest status record of each
 * run of a tool, tree heads and gaps of each log, and how many events came from which. How many
 * of each are kept is bounded, and so is each text of them. Texts are kept as UTF-8
 * without control characters, and with at most MAX_LOGS_TEXT bytes; what is longer is cut.
 */
#ifndef CT_WS_SITE_LOGS_H
#define CT_WS_SITE_LOGS_H

#include "ct-ws/site/logs_producer.h"
#include "ct-ws/site/seen.h"

enum {
	MAX_LOGS = 256,		/* there are about 100; further ones are counted as one */
	MAX_HOSTS = 256,	/* hosts of them, for each ct-fetch; further ones are left out */
	MAX_LOGS_TEXT = 200,	/* bytes of a name, URL or error */
};

/* One log. The texts are owned; those that are not known are empty. */
struct logs_log {
	char *name, *url;	/* url is without scheme and without slash at its end: it tells logs apart */
	char *sent;		/* the URL as events have it, by which they are found fast */
	size_t sent_n;		/* bytes of it */
	char *id;		/* log_id, as base64 */
	char *operator;
	bool is_tiled;
	uint64_t events;	/* that came from it */
	uint64_t newest;	/* when its newest entry was logged, in ms since 1970; 0: not known */
	uint64_t opened, closed;	/* gap records */
	bool has_head;		/* the next four are known, from its newest head record */
	uint64_t head_size, head_next, head_time;	/* entries, index, ms since 1970 */
	bool head_verified;
	struct logs_report reports[MAX_REPORTS];	/* of each ct-fetch that follows it */
};

/* What a ct-fetch said of one host, whose budget it keeps by itself. */
struct logs_host {
	const struct logs_producer *of;	/* NULL: this place is free */
	char *name;		/* owned */
	struct figures figures;
	uint64_t at;
};

/* All zero is the state before the first record. */
struct logs {
	uint64_t records[LOGS_STAGES];	/* status records that have come */
	struct logs_producer *producers;	/* MAX_PRODUCERS, owned; NULL before the first */
	struct logs_log *list;	/* owned; NULL before the first */
	size_t count, last;	/* logs, and the place of the one that was found last */
	struct logs_host *hosts;	/* owned; NULL before the first */
	size_t host_count;
	struct buf text, more;	/* of what is being taken */
	uint64_t left_out;	/* events of logs for which there was no room */
	uint64_t malformed;	/* malformed records */
	uint64_t other;		/* status records of tools that are not known */
};

/* Frees what is kept; the state is then as at the start. */
void logs_free(struct logs *l);

/* Counts an event. seen is what the event says of where it comes from. */
void logs_take_event(struct logs *l, const struct seen *seen);

/*
 * Takes line, a record that is not an event. What a status, head or gap record says is kept in place
 * of what was said before; malformed records are counted; other records are ignored. Of a line that is
 * not valid JSON, what stands before the error counts. now is the time of the loop's clock in ms.
 */
void logs_take_record(struct logs *l, struct span line, uint64_t now);

/*
 * Sets *lag to the entries that the log owes up to its tree head, as its newest status record says or,
 * when none counts at the time now (ms of the loop's clock), its head record. Returns true, or false when
 * neither says it.
 */
bool logs_lag(const struct logs_log *g, uint64_t now, double *lag);

#endif
