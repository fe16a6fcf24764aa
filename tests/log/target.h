/* What a request is for: which log, which of its endpoints, which entries. */
#ifndef LOG_TARGET_H
#define LOG_TARGET_H

#include "tests/log/api.h"

/* Bits, so that a rule can name several. */
enum endpoint {
	ENDPOINT_STH = 1 << 0,		/* RFC 6962 section 4 */
	ENDPOINT_ENTRIES = 1 << 1,
	ENDPOINT_CONSISTENCY = 1 << 2,
	ENDPOINT_PROOF_BY_HASH = 1 << 3,
	ENDPOINT_ENTRY_AND_PROOF = 1 << 4,
	ENDPOINT_ROOTS = 1 << 5,
	ENDPOINT_CHECKPOINT = 1 << 6,	/* static-ct-api */
	ENDPOINT_DATA = 1 << 7,
	ENDPOINT_TILE_0 = 1 << 8,
	ENDPOINT_TILE_1 = 1 << 9,
	ENDPOINT_TILE_2 = 1 << 10,	/* of level 2 and above */
	ENDPOINT_ISSUER = 1 << 11,
	ENDPOINT_METADATA = 1 << 12,
	ENDPOINT_LIST = 1 << 13,	/* /log_list.json and .sig, which belong to no log */
	ENDPOINT_LIST_SIG = 1 << 14,
	ENDPOINT_ANY = (1 << 15) - 1
};

struct target {
	struct log *log;	/* or NULL */
	enum endpoint endpoint;	/* one bit, or 0 for a path that nothing has */
	const char *path;	/* behind the log's prefix, or all of it without a log */
	const char *query;
	bool partial;		/* a partial tile */
	bool ranged;		/* first and last are set */
	uint64_t first, last;	/* of the entries that it is about, both included */
};

/* Sets *t to what request is for. logs are the count logs that are served. */
void target_read(struct log *logs, size_t count, const struct http_request *request,
    struct target *t);
/* Returns the bits of the endpoints that a rule calls name, of len characters; 0: there is no such name. */
unsigned target_endpoints(const char *name, size_t len);
/* Returns the name of one endpoint, or NULL when it is 0. */
const char *target_name(enum endpoint endpoint);

#endif
