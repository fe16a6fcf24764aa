/*
 * A log list: which logs there are, who operates them, where they are, and their keys and states.
 * It is JSON, in version 3 of Google's schema or Apple's variant of it.
 */
#ifndef CT_LOGLIST_H
#define CT_LOGLIST_H

#include "base/arena.h"
#include "ct/tree.h"
#include "enc/hash.h"

/* The protocol of a log. */
enum loglist_type {
	LOGLIST_RFC6962,	/* get-sth and get-entries (RFC 6962 section 4) */
	LOGLIST_TILED,		/* checkpoints and tiles (C2SP static-ct-api) */
};

/* The state of a log, as the list says. */
enum loglist_state {
	LOGLIST_NONE,		/* the list gives none, or one that is not here */
	LOGLIST_PENDING,
	LOGLIST_QUALIFIED,
	LOGLIST_USABLE,
	LOGLIST_READONLY,
	LOGLIST_RETIRED,
	LOGLIST_REJECTED,
};

/* What a log is for. */
enum loglist_use {
	LOGLIST_PROD,		/* also when the list does not say */
	LOGLIST_TEST,
	LOGLIST_MONITORING,	/* monitoring_only */
	LOGLIST_OTHER,
};

/* One log of the list. Strings are UTF-8 and never NULL. Times are seconds since 1970. */
struct loglist_log {
	uint8_t id[HASH_SHA256];	/* SHA-256 of key, checked */
	struct span key;		/* SubjectPublicKeyInfo in DER, as it came */
	const char *description;	/* its name; its URL when the list has no name */
	const char *operator;		/* name of its operator */
	const char *url;		/* where it is read; monitoring_url of a tiled log */
	const char *submission_url;	/* of a tiled log; for others, equal to url */
	enum loglist_type type;
	enum loglist_state state;
	enum loglist_use use;
	int64_t state_time;		/* when state began, or 0 when the list does not say */
	uint64_t mmd;			/* maximum merge delay in seconds, or 0 */
	bool has_interval;		/* start and end are set */
	int64_t start, end;		/* it accepts certificates with start <= notAfter < end */
	bool has_final;			/* final_size and final_root are set; readonly logs only */
	uint64_t final_size;		/* entries of its last tree head */
	uint8_t final_root[TREE_HASH];	/* root hash of its last tree head */
};

/* A log of the list that was left out, or a whole array of logs, and why. */
struct loglist_skip {
	const char *name;		/* description, URL, "log N of OPERATOR" or "ARRAY of OPERATOR" */
	const char *why;		/* a static reason */
	bool placeholder;		/* it is one of the placeholders of Google's list, not a log */
	uint8_t id[HASH_SHA256];	/* its log_id; zeros where that cannot be read */
	uint8_t key_id[HASH_SHA256];	/* the log ID of its key; zeros where that cannot be read */
};

struct loglist {
	const char *version;		/* "" when the list has none */
	int64_t timestamp;		/* log_list_timestamp; 0 when the list has none that can be read */
	struct loglist_log *logs;	/* in the order of the list; each log ID only once */
	size_t n;			/* how many logs there are */
	struct loglist_skip *skipped;	/* in the order of the list */
	size_t skipped_n;		/* how many there are of these */
	size_t broken_at;		/* after loglist_not_json: bytes before the first error */
	struct arena arena;		/* owns the memory of all the above */
};

enum loglist_flag {
	LOGLIST_ANY_SCHEME = 1,		/* accept http:// and file:// URLs too */
};

enum {
	MAX_LOGLIST = 16 << 20,		/* bytes of JSON */
	MAX_LOGLIST_LOGS = 10000,	/* logs, kept or left out: bounds memory */
	MAX_LOGLIST_NAME = 256,		/* bytes of a name, which is in every record; what is longer is cut */
};

/*
 * Reads json into *list, which keeps copies and needs no memory of json. flags is 0 or
 * LOGLIST_ANY_SCHEME; hash is used during the call only. URLs are made to end in exactly one slash.
 *
 * What cannot be read goes into skipped, and the rest is still read: a log that is malformed, has URLs of
 * both types, has the log ID of an earlier log, or is one of the placeholders that Google lists under
 * example.com; a member logs or tiled_logs of an operator that is something else than an array; and an
 * array of logs under another name, since the next kind of log may come without a new version of the
 * schema, as tiled_logs did. A date of the list that cannot be read goes into skipped as well, and so does
 * a log whose state is unknown here, or whose last tree head cannot be read; that log is also in logs, with
 * LOGLIST_NONE, or without its last tree head.
 *
 * Returns NULL, or a static reason with list empty. The caller must call loglist_free in both cases.
 */
const char *loglist_parse(struct span json, unsigned flags, struct hash *hash,
    struct loglist *list);

/* The reasons for input that is not JSON, and for a log with an unknown state or a damaged last tree head. */
extern const char loglist_not_json[], loglist_odd_state[], loglist_odd_final[];	/* compare addresses */

/* Returns true when json begins as a JSON object does, so that its signature is worth checking. */
bool loglist_may_be(struct span json);

/* Returns the log of list with this log ID, owned by list, or NULL when there is none. */
const struct loglist_log *loglist_find(const struct loglist *list, const uint8_t id[HASH_SHA256]);

/* Frees all memory of list. */
void loglist_free(struct loglist *list);

/* Returns the word by which lists call state, a static string; "" for LOGLIST_NONE. */
const char *loglist_state_name(enum loglist_state state);

#endif
