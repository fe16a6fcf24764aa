/*
 * The two ways to read a log: RFC 6962 section 4 (ct/v1/...) and static-ct-api
 * (checkpoint, tile/..., issuer/...). path is what follows the log's own
 * prefix. Each returns false when it knows no such path; otherwise it fills
 * the response, be it with an error.
 */
#ifndef LOG_API_H
#define LOG_API_H

#include "tests/log/http.h"
#include "tests/log/log.h"

#define TILE_WIDTH 256	/* hashes of a full tile (c2sp.org/tlog-tiles) */
#define TILE_DATA  -1	/* as a level: the entries */
#define TILE_TOP   5	/* highest level of hashes */

struct tile {
	int level;		/* TILE_DATA, 0..TILE_TOP */
	uint64_t number;
	unsigned width;		/* 1..TILE_WIDTH */
};

/* page: entries that get-entries gives at most. */
bool rfc6962_answer(struct log *, const char *path, const char *query, uint64_t page,
    struct http_response *);
bool tiled_answer(struct log *, const char *path, struct http_response *);

/* Appends "tile/L/NNN[.p/W]". */
void tile_put_path(const struct tile *, struct bytes *out);
bool tile_parse(const char *path, struct tile *);
/* Appends the contents; the caller holds the log's lock and has checked that the tile exists. */
void tile_put(const struct log *, const struct tile *, struct bytes *out);
/* How many hashes, or entries, of a tile's level a tree of that size has. */
uint64_t tile_level_size(int level, uint64_t size);

#endif
