/*
 * A source: one log as requests and records see it. It holds what the log is called, where and
 * how it is asked for entries, and how the records of its entries begin. log.c owns and fills
 * it; pages and protocols only read it.
 */
#ifndef CT_FETCH_SOURCE_H
#define CT_FETCH_SOURCE_H

#include "base/buf.h"
#include "ct-fetch/fetch.h"
#include "enc/sig.h"

struct host;
struct protocol;

/* What a log list or the command line says of a log. Nothing in it is kept; strings are copied. */
struct source_identity {
	const char *name, *operator, *url;
	const struct protocol *protocol;	/* NULL: not known, to be found by asking */
	struct span key;			/* public key, SubjectPublicKeyInfo in DER */
};

/* What has come of one log since the start of the run. */
struct source_count {
	struct fetch_asks asks;	/* for its heads, pages and proofs; not for issuers, which logs share */
	uint64_t entries;	/* records of entries that have been put out */
	uint64_t reached;	/* ms since 1970: when the entry put out last was logged; 0: none was */
};

struct source {
	struct fetch *fetch;
	struct source_count *count;	/* owned; pages and asks count in it */
	struct host *host;		/* of url: the limiter that its requests pass */
	const struct protocol *protocol;	/* a guess until source_settle */
	void *learned;			/* what the protocol keeps for each log; only it looks inside */
	struct sig_key *key;		/* signs the log's tree heads */
	uint8_t id[HASH_SHA256];	/* log ID: SHA-256 of the key (RFC 6962 3.2) */
	char *name, *operator;
	char *url;			/* ends with one slash, so that a path can follow */
	struct buf record;		/* the text of an entry record up to the value of index */
};

/*
 * Fills source from who; fetch, the run that it belongs to, must outlive it. Returns NULL, or a
 * static reason when the key cannot be read; then there is nothing to free. Where who has no
 * protocol, source->protocol is a first guess.
 */
const char *source_init(struct source *source, struct fetch *fetch,
    const struct source_identity *who);

/* Frees what source owns; its host stays. */
void source_free(struct source *source);

/*
 * Tells source that its protocol is certain. Makes learned, as zeroed memory, and record. To be
 * called once, before the first page.
 */
void source_settle(struct source *source);

#endif
