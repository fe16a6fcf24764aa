/*
 * How the files that make the cache of issuers (issuer.h) work together: issuer.c keeps them, and
 * issuer_ask.c asks hosts for those that are wanted.
 */
#ifndef CT_FETCH_LOG_ISSUER_PARTS_H
#define CT_FETCH_LOG_ISSUER_PARTS_H

#include "base/buf.h"
#include "ct-fetch/log/issuer.h"
#include "ct-fetch/log/issuer_host.h"
#include "ct-fetch/log/trouble.h"
#include "ct-fetch/net/ask.h"

enum {
	ISSUER_BUCKETS = 1024,
	MAX_ISSUER_SOURCES = 16,	/* hosts remembered for one issuer, to be asked in turn */
};

/* An issuer at a host whose log has named it. */
struct issuer_source {
	struct issuer *issuer;
	struct issuer_host *at;
	struct issuer_log *log;
	bool wanted;			/* it is in the row of its host, or being asked for */
	unsigned tries;
	uint64_t not_before;		/* loop ms: of the next try */
	struct ask ask;
	struct issuer_source *before, *behind;	/* neighbours in the row of the host */
	struct issuer_source *next;		/* the issuer's source that was added before */
};

struct issuer {
	uint8_t fingerprint[HASH_SHA256];
	enum issuer_state state;	/* never ISSUER_LATE: that depends on the time */
	unsigned held;			/* how many leaves of pages hold it */
	struct buf der;
	struct issuer_host *from;	/* where der came from; NULL: from the shelf, or nowhere yet */
	uint64_t not_before;		/* loop ms: when it is missing, it is not asked for again before */

	/* While it is wanted or missing. */
	struct issuer_source *sources;	/* the newest first; one for each host */
	unsigned sources_n;
	unsigned wanted;		/* of them, those that are wanted */
	unsigned running;		/* of them, those being asked */
	unsigned tries;			/* of all of them */
	uint64_t asked;			/* loop ms when one was asked last */
	uint64_t late;			/* loop ms: from when on nobody waits for it */
	bool awaited;			/* it is in the row of those that somebody waits for */
	struct trouble trouble;		/* that it was given up, each time */
	bool is_wrong;			/* other bytes came in its place, and that has been told */

	struct issuers *cache;
	struct issuer *chain;		/* next in the bucket */
	struct issuer *newer, *older;	/* neighbours in the row of idle or of awaited ones */
};

/* A row of issuers, by their newer and older. */
struct issuer_row {
	struct issuer *newest, *oldest;
};

struct issuers {
	struct fetch *fetch;
	struct shelf *shelf;		/* NULL: none are kept for the next run */
	uint64_t secret[HASH_SHA256 / 4];	/* who chooses fingerprints must not choose buckets */
	struct issuer *bucket[ISSUER_BUCKETS];
	struct issuer_host *hosts;
	struct issuer_row awaited;	/* wanted ones, by when they become late */
	struct issuer_row idle;		/* by last use: nobody wants or holds them */
	unsigned idle_n;
	size_t idle_bytes;
};

/* Put an issuer that is in no row at the new end of row, and take it out of the row it is in. */
void issuer_row_add(struct issuer_row *row, struct issuer *issuer);
void issuer_row_drop(struct issuer_row *row, struct issuer *issuer);

/*
 * What issuer.c does at the end of a request: issuer_come takes der as the certificate; issuer_give_up
 * notes that no source is left, the last of which failed because of why.
 */
void issuer_come(struct issuer *issuer, struct issuer_source *source, struct span der);
void issuer_give_up(struct issuer *issuer, const struct issuer_source *source, const char *why);

/*
 * Adds the log with this url on this host to those that may have issuer. Returns the source, or NULL
 * when that host is one already, or there are enough.
 */
struct issuer_source *issuer_source_add(struct issuer *issuer, struct issuer_host *at, const char *url);

/* Wants the issuer from source from now on, unless its host is full. */
void issuer_source_want(struct issuer_source *source);

/* Ends all that is wanted of issuer, and forgets where it was to come from. */
void issuer_drop_sources(struct issuer *issuer);

#endif
