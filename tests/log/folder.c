/*
 * Writes a log as files. In: a log. Out: its checkpoint, tiles and issuers at the
 * paths of static-ct-api, and beside them key.pem and log.v3.json.
 */
#include "tests/log/folder.h"

#include <openssl/sha.h>

#include "tests/log/api.h"
#include "tests/log/file.h"
#include "tests/log/list.h"

static void
folder_write_tile(const struct log *l, const char *dir, const struct tile *t)
{
	struct bytes path = { 0 }, body = { 0 };

	tile_put_path(t, &path);
	bytes_put_byte(&path, 0);
	tile_put(l, t, &body);
	file_write(dir, (const char *)path.at, &body);
	bytes_free(&path);
	bytes_free(&body);
}

static void
folder_write_level(const struct log *l, const char *dir, int level)
{
	uint64_t size = tile_level_size(level, l->head.size);
	struct tile t = { .level = level, .width = TILE_WIDTH };

	for (; t.number < size / TILE_WIDTH; t.number++)
		folder_write_tile(l, dir, &t);
	t.width = (unsigned)(size % TILE_WIDTH);
	if (t.width > 0)
		folder_write_tile(l, dir, &t);
}

static void
folder_write_issuers(const struct log *l, const char *dir)
{
	unsigned char print[32];
	struct bytes path = { 0 };
	int i;

	for (i = 0; i < PKI_CERTIFICATES; i++) {
		const struct bytes *der = &l->pki->certificate[i].der;

		bytes_reset(&path);
		bytes_put_text(&path, "issuer/");
		bytes_put_hex(&path, SHA256(der->at, der->len, print), sizeof(print));
		bytes_put_byte(&path, 0);
		file_write(dir, (const char *)path.at, der);
	}
	bytes_free(&path);
}

static void
folder_write_texts(const struct log *l, const char *dir)
{
	struct bytes text = { 0 }, url = { 0 };

	bytes_put_text(&text, l->checkpoint);
	file_write(dir, "checkpoint", &text);
	bytes_reset(&text);
	key_put_pem(&l->key, &text);
	file_write(dir, "key.pem", &text);
	bytes_reset(&text);
	bytes_printf(&url, "https://%s/", l->origin);
	bytes_put_byte(&url, 0);
	list_put_metadata(l, (const char *)url.at, &text);
	file_write(dir, "log.v3.json", &text);
	bytes_free(&text);
	bytes_free(&url);
}

void
folder_write(const struct log *l, const char *dir)
{
	int level;

	for (level = TILE_DATA; level <= TILE_TOP; level++)
		folder_write_level(l, dir, level);
	folder_write_issuers(l, dir);
	folder_write_texts(l, dir);
}
