/*
 * The two protocols by which a log is read: RFC 6962 section 4 (ct/v1/...) and
 * static-ct-api (checkpoint, tile/..., issuer/...), and the tiles of the latter.
 */
#ifndef LOG_API_H
#define LOG_API_H

#include "tests/log/bend.h"
#include "tests/log/http.h"
#include "tests/log/log.h"

#define TILE_WIDTH 256	/* hashes of a full tile (c2sp.org/tlog-tiles) */
#define TILE_DATA  -1	/* the level of data tiles, which hold entries */
#define TILE_TOP   5	/* highest level of hashes */

struct tile {
	int level;		/* TILE_DATA, 0..TILE_TOP */
	uint64_t number;
	unsigned width;		/* 1..TILE_WIDTH */
};

/*
 * Answer a request for log l. path is its path behind the log's own prefix, and query what
 * stands behind the question mark. The answer departs from the truth as the bend b says.
 * Return true with the response filled, which may be an error, or false when the protocol
 * has no such path.
 */
bool rfc6962_answer(struct log *l, const char *path, const char *query, const struct bend *bend,
    struct http_response *response);
bool tiled_answer(struct log *l, const char *path, const struct bend *bend,
    struct http_response *response);

/* Appends the path of tile t to out: "tile/L/NNN", or "tile/L/NNN.p/W" when it is partial. */
void tile_put_path(const struct tile *t, struct bytes *out);
/* Reads path, in the form of tile_put_path. Returns true with *t set, or false when it is not one. */
bool tile_parse(const char *path, struct tile *t);
/* Appends the contents of tile t to out. The caller holds the log's lock and knows that the tile exists. */
void tile_put(const struct log *l, const struct tile *t, struct bytes *out);
/*
 * Appends to out entry number index as a data tile holds it, with `extra` in place of its chain. The caller
 * holds the log's lock.
 */
void tile_put_entry(const struct log *l, uint64_t index, enum bend_extra extra, struct bytes *out);
/* Returns how many hashes (or entries) a tree of `size` leaves has at this level. */
uint64_t tile_level_size(int level, uint64_t size);

#endif
