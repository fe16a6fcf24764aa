/*
 * Answers the requests of static-ct-api that read a log: checkpoint, tiles and issuers. In:
 * a path. Out: a response.
 */
#include <openssl/sha.h>
#include <string.h>

#include "tests/log/api.h"

#define CACHE_FOR_EVER "public, max-age=604800, immutable"

static void
tiled_checkpoint(struct log *l, const struct bend *bend, struct http_response *response)
{
	struct head head;

	log_read_lock(l);
	if (bend_head(bend, l, &head))
		head_put_checkpoint(&head, &l->key, l->origin, l->pki->seed, &response->body);
	else
		bytes_put_text(&response->body, l->checkpoint);
	log_unlock(l);
	response->type = "text/plain; charset=utf-8";
	response->cache = "no-store";
}

/* Appends the entries of a data tile. The caller holds the log's lock. */
static void
tiled_put_data(const struct log *l, const struct tile *t, const struct bend *bend,
    struct http_response *response)
{
	struct bend_range r = { t->number * TILE_WIDTH, t->width };
	uint64_t i;

	bend_range(bend, bend_size(bend, l), &r);
	for (i = 0; i < r.count; i++) {
		uint64_t index = bend_index(bend, &r, i);

		tile_put_entry(l, index, bend_extra_of(bend, index), &response->body);
	}
	response->entries = r.count;
}

/*
 * A partial tile of any width exists up to the latest head, also after the tile became
 * full. Returns false when there is no such tile. The caller holds the log's lock.
 */
static bool
tiled_put_tile(const struct log *l, const struct tile *t, const struct bend *bend,
    struct http_response *response)
{
	uint64_t size = tile_level_size(t->level, bend_size(bend, l));

	if (t->number > size / TILE_WIDTH ||
	    (t->number == size / TILE_WIDTH && t->width > size % TILE_WIDTH))
		return false;
	if (t->level == TILE_DATA)
		tiled_put_data(l, t, bend, response);
	else
		tile_put(l, t, &response->body);
	return true;
}

static void
tiled_tile(struct log *l, const struct tile *t, const struct bend *bend,
    struct http_response *response)
{
	bool there;

	log_read_lock(l);
	there = tiled_put_tile(l, t, bend, response);
	log_unlock(l);
	if (!there) {
		http_fail(response, 404, "no such tile");
		return;
	}
	response->type = "application/octet-stream";
	response->cache = CACHE_FOR_EVER;
	response->coding = t->level == TILE_DATA ? HTTP_GZIP : HTTP_PLAIN;
}

/* Returns the number of the certificate with that fingerprint in hex, or PKI_CERTIFICATES. */
static int
tiled_find_issuer(const struct log *l, const char *name)
{
	struct bytes hex = { 0 };
	unsigned char print[32];
	bool found = false;
	int i;

	for (i = 0; i < PKI_CERTIFICATES && !found; i++) {
		const struct bytes *der = &l->pki->certificate[i].der;

		bytes_reset(&hex);
		bytes_put_hex(&hex, SHA256(der->at, der->len, print), sizeof(print));
		found = strlen(name) == hex.len && memcmp(name, hex.at, hex.len) == 0;
	}
	bytes_free(&hex);
	return found ? i - 1 : PKI_CERTIFICATES;
}

static void
tiled_issuer(const struct log *l, const char *name, const struct bend *bend,
    struct http_response *response)
{
	int i = tiled_find_issuer(l, name);

	if (i == PKI_CERTIFICATES) {
		http_fail(response, 404, "no such issuer");
		return;
	}
	if (bend->swap_issuer)
		i = (i + 1) % PKI_CERTIFICATES;
	bytes_put(&response->body, l->pki->certificate[i].der.at, l->pki->certificate[i].der.len);
	response->type = "application/pkix-cert";
	response->cache = CACHE_FOR_EVER;
}

bool
tiled_answer(struct log *l, const char *path, const struct bend *bend,
    struct http_response *response)
{
	struct tile tile;

	response->status = 200;
	if (strcmp(path, "checkpoint") == 0)
		tiled_checkpoint(l, bend, response);
	else if (tile_parse(path, &tile))
		tiled_tile(l, &tile, bend, response);
	else if (strncmp(path, "issuer/", 7) == 0)
		tiled_issuer(l, path + 7, bend, response);
	else
		return false;
	return true;
}
