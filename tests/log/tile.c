/*
 * Writes tiles and reads their paths (c2sp.org/tlog-tiles, static-ct-api). In: a log, or a
 * path. Out: the contents of a tile, or which one it is.
 */
#include <stdio.h>
#include <string.h>

#include "tests/log/api.h"

uint64_t
tile_level_size(int level, uint64_t size)
{
	return level == TILE_DATA ? size : size >> 8 * level;
}

/* Appends a number in groups of three digits, with an x before each but the last. */
static void
tile_put_number(uint64_t number, struct bytes *out)
{
	uint64_t unit = 1;

	while (number / unit >= 1000)
		unit *= 1000;
	for (; unit > 1; unit /= 1000)
		bytes_printf(out, "x%03u/", (unsigned)(number / unit % 1000));
	bytes_printf(out, "%03u", (unsigned)(number % 1000));
}

void
tile_put_path(const struct tile *t, struct bytes *out)
{
	if (t->level == TILE_DATA)
		bytes_put_text(out, "tile/data/");
	else
		bytes_printf(out, "tile/%d/", t->level);
	tile_put_number(t->number, out);
	if (t->width < TILE_WIDTH)
		bytes_printf(out, ".p/%u", t->width);
}

/* Reads the path loosely, and then checks that tile_put_path would write the same. */
bool
tile_parse(const char *path, struct tile *t)
{
	struct bytes again = { 0 };
	const char *at;
	unsigned width = TILE_WIDTH;
	bool same;

	if (strncmp(path, "tile/data/", 10) == 0) {
		t->level = TILE_DATA;
		at = path + 10;
	} else if (strncmp(path, "tile/", 5) == 0 && path[5] >= '0' && path[5] <= '0' + TILE_TOP &&
	    path[6] == '/') {
		t->level = path[5] - '0';
		at = path + 7;
	} else {
		return false;
	}
	t->number = 0;
	for (; *at != '\0' && *at != '.' && t->number < UINT64_MAX / 10000; at++)
		if (*at >= '0' && *at <= '9')
			t->number = t->number * 10 + (uint64_t)(*at - '0');
	if (sscanf(at, ".p/%3u", &width) == 1 && (width < 1 || width >= TILE_WIDTH))
		return false;
	t->width = width;
	tile_put_path(t, &again);
	same = again.len == strlen(path) && memcmp(again.at, path, again.len) == 0;
	bytes_free(&again);
	return same;
}

/*
 * What stands in place of a chain: none at all, which is legal; or no length either, so that
 * the tile cannot be read from here on; or one fingerprint that nobody has.
 */
void
tile_put_entry(const struct log *l, uint64_t index, enum bend_extra extra, struct bytes *out)
{
	static const unsigned char nobody[2 + 32] = { 0, 32, 0xff };
	const struct bytes *prints = &l->entry[index]->chain->prints;

	log_put_tile_entry(l->entry[index], out);
	if (extra == BEND_EXTRA_WHOLE)
		return;
	out->len -= prints->len;
	if (extra == BEND_EXTRA_NULL)
		bytes_put_uint(out, 0, 2);
	else if (extra == BEND_EXTRA_GARBAGE)
		bytes_put(out, nobody, sizeof(nobody));
}

void
tile_put(const struct log *l, const struct tile *t, struct bytes *out)
{
	uint64_t first = t->number * TILE_WIDTH;
	unsigned i;

	if (t->level != TILE_DATA) {
		bytes_put(out, tree_node(&l->tree, 8 * t->level, first), t->width * TREE_HASH);
		return;
	}
	for (i = 0; i < t->width; i++)
		tile_put_entry(l, first + i, BEND_EXTRA_WHOLE, out);
}
