/*
 * Answers the requests of static-ct-api that read a log: checkpoint, tiles and issuers. In:
 * a path. Out: a response.
 */
#include <openssl/sha.h>
#include <string.h>

#include "tests/log/api.h"

#define CACHE_FOR_EVER "public, max-age=604800, immutable"

static void
tiled_checkpoint(struct log *l, struct http_response *response)
{
	log_read_lock(l);
	bytes_put_text(&response->body, l->checkpoint);
	log_unlock(l);
	response->type = "text/plain; charset=utf-8";
	response->cache = "no-store";
}

/* A partial tile of any width exists up to the latest head, also after the tile became full. */
static void
tiled_tile(struct log *l, const struct tile *t, struct http_response *response)
{
	uint64_t size;

	log_read_lock(l);
	size = tile_level_size(t->level, l->head.size);
	if (t->number < size / TILE_WIDTH ||
	    (t->number == size / TILE_WIDTH && t->width <= size % TILE_WIDTH))
		tile_put(l, t, &response->body);
	log_unlock(l);
	if (response->body.len == 0) {
		http_fail(response, 404, "no such tile");
		return;
	}
	response->type = "application/octet-stream";
	response->cache = CACHE_FOR_EVER;
	response->coding = t->level == TILE_DATA ? HTTP_GZIP : HTTP_PLAIN;
}

static void
tiled_issuer(const struct log *l, const char *name, struct http_response *response)
{
	struct bytes hex = { 0 };
	unsigned char print[32];
	int i;

	for (i = 0; i < PKI_CERTIFICATES && response->body.len == 0; i++) {
		const struct bytes *der = &l->pki->certificate[i].der;

		bytes_reset(&hex);
		bytes_put_hex(&hex, SHA256(der->at, der->len, print), sizeof(print));
		if (strlen(name) == hex.len && memcmp(name, hex.at, hex.len) == 0)
			bytes_put(&response->body, der->at, der->len);
	}
	bytes_free(&hex);
	response->type = "application/pkix-cert";
	response->cache = CACHE_FOR_EVER;
	if (response->body.len == 0)
		http_fail(response, 404, "no such issuer");
}

bool
tiled_answer(struct log *l, const char *path, struct http_response *response)
{
	struct tile tile;

	response->status = 200;
	if (strcmp(path, "checkpoint") == 0)
		tiled_checkpoint(l, response);
	else if (tile_parse(path, &tile))
		tiled_tile(l, &tile, response);
	else if (strncmp(path, "issuer/", 7) == 0)
		tiled_issuer(l, path + 7, response);
	else
		return false;
	return true;
}
