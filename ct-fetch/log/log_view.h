/*
 * A view of a log: all that people and programs are shown of it, at one moment. log.h says how a log
 * works inside; whoever shows logs reads only what is here.
 */
#ifndef CT_FETCH_LOG_VIEW_H
#define CT_FETCH_LOG_VIEW_H

#include <stdbool.h>
#include <stdint.h>

struct fetch_asks;
struct log;

enum {
	LOG_LIVE_LAG = 2048,	/* entries owed, below which a log counts as live: a few pages */
};

/* In place of an age: it never happened. */
#define LOG_NEVER UINT64_MAX

/* What a log is about, the most important first where several are true. */
enum log_state {
	LOG_FAILED,	/* given up */
	LOG_DONE,	/* all that is wanted has been put out */
	LOG_PAUSED,	/* in trouble: left alone for a while, or asked once more */
	LOG_STARTING,	/* its first head has not come yet */
	LOG_UNPROVEN,	/* its entries go out without a proof */
	LOG_WAITING,	/* it has a head, but not yet the entries that belong to it */
	LOG_BEHIND,	/* it is catching up */
	LOG_LIVE,
	LOG_STATES
};

struct log_view {
	const uint8_t *id;	/* the log ID, HASH_SHA256 bytes; strings and this are the log's */
	const char *name, *operator, *url;
	enum log_state state;
	bool placed;		/* next is known */
	bool has_head;		/* size, lag and head_age are known */
	uint64_t next;		/* index of the entry that goes out next at the head of the log */
	uint64_t size;		/* of the largest head whose signature has been verified */
	uint64_t verified;	/* size up to which entries have been proven; 0: none have */
	uint64_t lag;		/* entries from next up to size that are wanted */
	uint64_t gaps;		/* entries before next that are still owed */
	uint64_t behind;	/* ms since nothing was owed, as far as is known; or LOG_NEVER */
	uint64_t head_age;	/* ms since the log signed its head, by its own clock */
	double rate;		/* entries put out a second, lately */
	uint64_t entries;	/* put out since the start */
	const struct fetch_asks *asks;	/* its requests; the log's */
	uint64_t evidence;	/* incidents in which it contradicted what it has signed */
	uint64_t errors;	/* requests, and answers, that brought nothing of use */
	uint64_t success_age;	/* ms since the last good answer, or LOG_NEVER */
	uint64_t error_age;	/* ms since the last error, or LOG_NEVER */
	const char *error;	/* what that was, or ""; bytes of the network are not escaped */
	uint64_t trouble_age;	/* ms that it has brought nothing but errors; 0: it is well */
	uint64_t pause;		/* ms until it is asked again; 0: it is asked */
	const char *pause_why;	/* why its host is left alone, as "HTTP 429"; "": it is not */
};

/* Writes what is to be seen of log now to view, which is valid until the log's next turn. */
void log_view(const struct log *log, struct log_view *view);

/* Measures log's rate. To be called once a second. */
void log_measure(struct log *log);

/* Returns the word for a state, such as "live" or "catching up". */
const char *log_state_name(enum log_state state);

#endif
