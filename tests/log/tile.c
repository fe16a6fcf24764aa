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
		log_put_tile_entry(l->entry[first + i], out);
}
