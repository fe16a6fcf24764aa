/*
 * Log lists, version 3 of Google's schema and Apple's variant of it: which
 * logs there are, whose, where, with which key and in which state.
 */
#ifndef CT_LOGLIST_H
#define CT_LOGLIST_H

#include "base/arena.h"
#include "ct/tree.h"
#include "enc/sig.h"

enum loglist_type {
	LOGLIST_RFC6962,
	LOGLIST_TILED,
};

enum loglist_state {
	LOGLIST_NONE,		/* no state given, or one not known here */
	LOGLIST_PENDING,
	LOGLIST_QUALIFIED,
	LOGLIST_USABLE,
	LOGLIST_READONLY,
	LOGLIST_RETIRED,
	LOGLIST_REJECTED,
};

enum loglist_use {
	LOGLIST_PROD,		/* also when the list does not say */
	LOGLIST_TEST,
	LOGLIST_MONITORING,	/* monitoring_only */
	LOGLIST_OTHER,
};

/* Strings end in NUL, are UTF-8 and never NULL. Times are seconds since 1970. */
struct loglist_log {
	uint8_t id[HASH_SHA256];	/* SHA-256 of key, checked */
	struct span key;		/* DER SubjectPublicKeyInfo, not looked into */
	const char *description;	/* the URL when the list has none */
	const char *operator;
	const char *url;		/* where it is read: monitoring_url of a tiled log */
	const char *submission_url;	/* of a tiled log, its origin; else as url */
	enum loglist_type type;
	enum loglist_state state;
	enum loglist_use use;
	int64_t state_time;		/* since when; 0 unknown */
	uint64_t mmd;			/* seconds; 0 unknown */
	bool has_interval;		/* of the notAfter it accepts */
	int64_t start, end;		/* start inclusive, end exclusive */
	bool has_final;			/* final_tree_head of a readonly log */
	uint64_t final_size;
	uint8_t final_root[TREE_HASH];
};

struct loglist_skip {
	const char *name;		/* description, URL or "log N of OPERATOR" */
	const char *why;		/* static */
};

struct loglist {
	const char *version;		/* "" when the list has none */
	int64_t timestamp;		/* log_list_timestamp; 0 when the list has none */
	struct loglist_log *logs;	/* in the order of the list, no log ID twice */
	size_t n;
	struct loglist_skip *skipped;	/* logs that were left out */
	size_t skipped_n;
	struct arena arena;		/* holds all of it */
};

enum loglist_flag {
	LOGLIST_ANY_SCHEME = 1,		/* http:// and file:// URLs too: our own lists */
};

enum {
	MAX_LOGLIST = 16 << 20,		/* bytes of JSON */
	MAX_LOGLIST_LOGS = 10000,	/* memory: kept and skipped ones together */
};

/*
 * NULL, or a static reason and an empty list. One bad log does not spoil the
 * list: it is skipped, as are doubled log IDs, logs of two kinds at once and the
 * placeholders Google lists under example.com. URLs end in exactly one slash.
 * Nothing borrows json. loglist_free is due in both cases.
 */
const char *loglist_parse(struct span json, unsigned flags, struct hash *, struct loglist *);
void loglist_free(struct loglist *);

/* The word the list uses for it, "" for LOGLIST_NONE. */
const char *loglist_state_name(enum loglist_state);

/* The detached signature (log_list.sig) over the exact bytes of the list. */
const char *loglist_verify(struct span json, struct span sig, const struct sig_key *);

/* The key that Google signs its lists with, built in; the caller frees it. */
struct sig_key *loglist_google_key(void);

#endif
