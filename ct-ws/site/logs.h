/*
 * What the stream says of itself and of the logs: the newest status record of each
 * tool, tree heads and gaps of each log, and how many events came from which. How many
 * logs and hosts are kept is bounded, and so is each text of them. Texts are kept as UTF-8
 * without control characters, and with at most MAX_LOGS_TEXT bytes; what is longer is cut.
 */
#ifndef CT_WS_SITE_LOGS_H
#define CT_WS_SITE_LOGS_H

#include "ct-ws/site/figures.h"
#include "ct-ws/site/seen.h"

enum {
	MAX_LOGS = 256,		/* there are about 100; further ones are counted as one */
	MAX_HOSTS = 128,	/* hosts of them; further ones are left out */
	MAX_LOGS_TEXT = 200,	/* bytes of a name, URL or error */
	LOGS_OLD_MS = 600 * 1000,	/* after which what a status record said is not shown any more */
};

enum logs_stage {
	LOGS_FETCH,
	LOGS_PARSE,
	LOGS_HUB,
	LOGS_STAGES,
};

/* The newest status record of one tool. */
struct logs_status {
	struct figures figures;
	uint64_t records;	/* status records that have come */
	uint64_t at;		/* ms of the loop's clock when the newest came */
	uint64_t every;		/* ms between the last two; 0 before the second */
};

/* One log. The texts are owned; those that are not known are empty. */
struct logs_log {
	char *name, *url;	/* url is without scheme and without slash at its end: it tells logs apart */
	char *sent;		/* the URL as events have it, by which they are found fast */
	size_t sent_n;		/* bytes of it */
	char *id;		/* log_id, as base64 */
	char *operator, *state, *error;
	bool is_tiled;
	uint64_t events;	/* that came from it */
	uint64_t newest;	/* when its newest entry was logged, in ms since 1970; 0: not known */
	uint64_t opened, closed;	/* gap records */
	bool has_head;		/* the next four are known, from its newest head record */
	uint64_t head_size, head_next, head_time;	/* entries, index, ms since 1970 */
	bool head_verified;
	struct figures figures;	/* of its newest status record */
	uint64_t at;		/* as that of struct logs_status; 0: there was none */
};

struct logs_host {
	char *name;		/* owned */
	struct figures figures;
	uint64_t at;
};

/* All zero is the state before the first record. */
struct logs {
	struct logs_status stages[LOGS_STAGES];
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
void logs_free(struct logs *);

/* Counts an event that says seen of where it comes from. */
void logs_take_event(struct logs *, const struct seen *seen);

/*
 * Takes line, a record that is not an event. Of status, head and gap records, what they say is
 * kept in place of what was said before; malformed records are counted; others are ignored, as is
 * a line that is not valid JSON, from the place on where it is not. now is the time of the loop's
 * clock in ms.
 */
void logs_take_record(struct logs *, struct span line, uint64_t now);

/*
 * Returns true when what was said at the time at by the status record of ct-fetch still counts at
 * the time now: for LOGS_OLD_MS, or three times as long as its records are apart. An at of 0 never
 * does.
 */
bool logs_is_fresh(const struct logs *, uint64_t at, uint64_t now);

/*
 * Sets *lag to the entries that the log owes up to its tree head, as its status record or, without
 * one, its head record says. Returns false when neither does.
 */
bool logs_lag(const struct logs *, const struct logs_log *, uint64_t now, double *lag);

#endif
