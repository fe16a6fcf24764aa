/*
 * One followed log: its head, the pages that are under way and its place in
 * the stream. The same for both protocols (protocol.h).
 *
 * Entries leave strictly in the order of their index, without hole or repeat;
 * the place moves by what was received, never by what was asked for.
 */
#ifndef CT_FETCH_LOG_H
#define CT_FETCH_LOG_H

#include "ct-fetch/ask.h"
#include "ct-fetch/page.h"
#include "ct/head.h"
#include "ct/loglist.h"

struct protocol;

enum {
	LOG_DEPTH = 4,		/* pages of one log on the way at a time */
};

/* What is known of a log before it is followed. Strings are copied. */
struct log_identity {
	const char *name, *operator, *url;
	const struct protocol *protocol;	/* NULL: found by asking */
	struct span key;		/* DER */
	uint64_t final_size;		/* UINT64_MAX: it goes on */
	bool given;			/* by -u: its first head must verify */
};

struct log {
	struct fetch *fetch;
	uint8_t id[HASH_SHA256];
	char *name, *operator, *url;
	struct sig_key *key;
	const struct protocol *protocol;
	bool probing;		/* the protocol is a guess until the first head */
	bool given;
	struct host *host;
	struct buf source;	/* an entry record up to its index */

	bool placed;		/* next means something */
	uint64_t next;		/* index of the entry that goes out next */
	uint64_t asked;		/* first index no page covers yet */
	uint64_t final_size;	/* of a readonly log; UINT64_MAX: it goes on */
	uint64_t end;		/* exclusive */
	struct page pages[LOG_DEPTH];	/* a ring, in order of index */
	unsigned first, count;
	unsigned depth;		/* pages allowed now: grows with full pages */

	bool has_head;
	struct head head;	/* the largest verified one */
	struct ask head_request;
	uint64_t head_due;	/* loop ms */
	unsigned poll;		/* ms between heads, now */
	bool still;		/* the last head was no larger than the one before */
	uint64_t tail_since;	/* loop ms: since when an incomplete page is owed; 0: none */

	unsigned page_size;	/* rfc6962: what the log gives at most, as learned */
	uint64_t short_end;	/* where the last answer stopped short; 0: none has */
	uint64_t short_gap;	/* how far behind the one before */
	unsigned full_count;	/* whole pages in a row */

	unsigned failures;	/* in a row */
	uint64_t told;		/* loop ms: when the last warning was given */
	bool is_told;		/* of these failures */
	uint64_t not_before;	/* loop ms: nothing is asked for before */
	bool failed;		/* given up (only with --once, or a given log's wrong key) */
	uint64_t entries, errors;
};

/* NULL with *why set (static) when the key is not one. place is where to start. */
struct log *log_open(struct fetch *, const struct log_identity *, const char **why);
void log_free(struct log *);

void log_place(struct log *, uint64_t next);

/* Takes every step that is possible now; returns when the next may be (loop ms). */
uint64_t log_turn(struct log *);

bool log_is_done(const struct log *);	/* all that was asked for has been put out */
uint64_t log_lag(const struct log *);	/* entries of the head that have not been put out */

/* An answer is of no use: told once, and the log is left alone for a while. */
void log_trouble(struct log *, const char *what, const char *why);

/* With --once a run must come to an end; otherwise there is always a next time. */
void log_give_up(struct log *, const char *what, const char *why);

void log_success(struct log *);	/* one is of use again */

#endif
