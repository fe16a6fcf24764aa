/* Finds what a request is for. In: a path and query. Out: log, endpoint and range of entries. */
#include "tests/log/target.h"

#include <string.h>

#include "tests/log/query.h"

/* The first name of a bit is that of the endpoint, and its path when it has one only. */
static const struct {
	const char *name;
	unsigned endpoints;
	const char *path;
} names[] = {
	{ "get-sth", ENDPOINT_STH, "ct/v1/get-sth" },
	{ "get-entries", ENDPOINT_ENTRIES, "ct/v1/get-entries" },
	{ "get-sth-consistency", ENDPOINT_CONSISTENCY, "ct/v1/get-sth-consistency" },
	{ "get-proof-by-hash", ENDPOINT_PROOF_BY_HASH, "ct/v1/get-proof-by-hash" },
	{ "get-entry-and-proof", ENDPOINT_ENTRY_AND_PROOF, "ct/v1/get-entry-and-proof" },
	{ "get-roots", ENDPOINT_ROOTS, "ct/v1/get-roots" },
	{ "checkpoint", ENDPOINT_CHECKPOINT, "checkpoint" },
	{ "tile/data", ENDPOINT_DATA, NULL },
	{ "tile/0", ENDPOINT_TILE_0, NULL },
	{ "tile/1", ENDPOINT_TILE_1, NULL },
	{ "tile/2", ENDPOINT_TILE_2, NULL },
	{ "issuer", ENDPOINT_ISSUER, NULL },
	{ "log.v3.json", ENDPOINT_METADATA, "log.v3.json" },
	{ "list", ENDPOINT_LIST, "/log_list.json" },
	{ "list.sig", ENDPOINT_LIST_SIG, "/log_list.sig" },
	{ "head", ENDPOINT_STH | ENDPOINT_CHECKPOINT, NULL },
	{ "page", ENDPOINT_ENTRIES | ENDPOINT_DATA, NULL },
	{ "tile", ENDPOINT_DATA | ENDPOINT_TILE_0 | ENDPOINT_TILE_1 | ENDPOINT_TILE_2, NULL },
	{ "tile/hash", ENDPOINT_TILE_0 | ENDPOINT_TILE_1 | ENDPOINT_TILE_2, NULL },
	{ "any", ENDPOINT_ANY, NULL },
};

#define NAMES (sizeof(names) / sizeof(names[0]))

unsigned
target_endpoints(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (strlen(names[i].name) == len && memcmp(names[i].name, name, len) == 0)
			return names[i].endpoints;
	return 0;
}

const char *
target_name(enum endpoint endpoint)
{
	size_t i;

	for (i = 0; i < NAMES; i++)
		if (names[i].endpoints == (unsigned)endpoint)
			return names[i].name;
	return NULL;
}

/* Sets the range from two numbers of the query, of which the second may have the name of the first. */
static void
target_read_range(struct target *t, const char *first, const char *last)
{
	t->ranged = query_number(t->query, first, &t->first) &&
	    query_number(t->query, last, &t->last) && t->first <= t->last;
}

/* A tile is about the entries that lie below its hashes. */
static void
target_read_tile(struct target *t)
{
	struct tile tile;
	unsigned shift;

	if (!tile_parse(t->path, &tile))
		return;
	shift = tile.level == TILE_DATA ? 0 : 8 * (unsigned)tile.level;
	t->endpoint = tile.level == TILE_DATA ? ENDPOINT_DATA : tile.level == 0 ? ENDPOINT_TILE_0
	    : tile.level == 1 ? ENDPOINT_TILE_1 : ENDPOINT_TILE_2;
	t->partial = tile.width < TILE_WIDTH;
	t->ranged = true;
	t->first = tile.number * TILE_WIDTH << shift;
	t->last = ((tile.number * TILE_WIDTH + tile.width) << shift) - 1;
}

static void
target_read_endpoint(struct target *t)
{
	size_t i;

	if (strncmp(t->path, "issuer/", 7) == 0)
		t->endpoint = ENDPOINT_ISSUER;
	for (i = 0; i < NAMES; i++)
		if (names[i].path != NULL && strcmp(t->path, names[i].path) == 0)
			t->endpoint = (enum endpoint)names[i].endpoints;
	if (t->endpoint == 0)
		target_read_tile(t);
	else if (t->endpoint == ENDPOINT_ENTRIES)
		target_read_range(t, "start", "end");
	else if (t->endpoint == ENDPOINT_CONSISTENCY)
		target_read_range(t, "first", "second");
	else if (t->endpoint == ENDPOINT_ENTRY_AND_PROOF)
		target_read_range(t, "leaf_index", "leaf_index");
}

void
target_read(struct log *logs, size_t count, const struct http_request *request, struct target *t)
{
	const char *name = request->path + 1;
	size_t len = strcspn(name, "/"), i;

	*t = (struct target){ .path = request->path, .query = request->query };
	for (i = 0; i < count && name[len] == '/'; i++) {
		if (strlen(logs[i].name) != len || memcmp(logs[i].name, name, len) != 0)
			continue;
		t->log = &logs[i];
		t->path = name + len + 1;
		break;
	}
	target_read_endpoint(t);
}
