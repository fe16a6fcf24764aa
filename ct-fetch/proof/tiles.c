/*
 * Proofs by the hash tiles of a tiled log (C2SP static-ct-api, tlog-tiles).
 *
 * in: hash tiles
 * out: whether a range belongs to a signed tree, or the range itself; and the hashes of the
 * entries or data tiles that come next, so that each of these can be checked alone
 *
 * A compact range is extended to the right by the nodes of tiles, as large ones as fit, until it
 * has as many leaves as the signed tree. When its root is then the signed one, every node that was
 * used is right, and so is the range it began with. A question that only asks for a range begins
 * with no leaves.
 */
#include <stdlib.h>

#include "base/die.h"
#include "ct-fetch/log/source.h"
#include "ct-fetch/proof/proof.h"
#include "ct/tile.h"

enum {
	LEVEL_BITS = 8,			/* a hash of level l covers 2^(8 l) leaves */
	SLOTS = 2 * (MAX_TILE_LEVEL + 1),	/* for each level a full tile and a partial one */
};

/* A tile that has come. It is kept for the next question, which often needs it too. */
struct tiles_tile {
	uint64_t number;
	unsigned width;			/* hashes in it; 0: there is no tile */
	uint8_t hashes[TILE_WIDTH * TREE_HASH];
};

struct tiles {
	struct tree tree;		/* the range as far as it has been extended */
	bool starts;			/* no tile above level 1 has been used behind `at` yet */
	int level;			/* of the tile that is being asked for */
	uint64_t number;
	unsigned width;
	bool full;			/* the partial tile is gone: the full one is asked for */
	struct tiles_tile *slot[SLOTS];	/* owned */
};

/* Drops the tiles that have come: one of them may be wrong. */
static void
tiles_forget(struct tiles *t)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		free(t->slot[i]);
		t->slot[i] = NULL;
	}
}

static void
tiles_begin(struct proof *p)
{
	struct tiles *t = p->own;

	if (t == NULL)
		p->own = t = calloc(1, sizeof(*t));
	if (t == NULL)
		die_world("out of memory");
	if (p->rounds > 0 || p->doubts)
		tiles_forget(t);
	t->tree = p->range;
	t->starts = true;
	t->full = false;
}

/*
 * Returns the level of the hashes that come next. A question about a range goes on with single
 * data tiles to the end of their tile of hashes: these are the hashes of the entries to come.
 */
static int
tiles_level(const struct proof *p, const struct tiles *t)
{
	uint64_t pos = t->tree.n, stop = pos < p->at ? p->at : p->head.size;
	bool finely = pos >= p->at && t->starts && !p->seeds;
	int level = 0, most = finely ? 1 : MAX_TILE_LEVEL;

	while (level < most) {
		uint64_t covers = (uint64_t)1 << (LEVEL_BITS * (level + 1));

		if (pos % covers != 0 || stop - pos < covers)
			break;
		level++;
	}
	return level;
}

/* Returns the tile that holds what comes next, when it is there, else NULL. */
static const struct tiles_tile *
tiles_find(struct tiles *t, int level, uint64_t number, unsigned need)
{
	for (int i = 2 * level; i < 2 * level + 2; i++)
		if (t->slot[i] != NULL && t->slot[i]->number == number && t->slot[i]->width >= need)
			return t->slot[i];
	return NULL;
}

/* Extends the range by the hashes of one tile, from `from` on. */
static void
tiles_extend(struct proof *p, struct tiles *t, const struct tiles_tile *tile, int level, unsigned from,
    unsigned to)
{
	struct hash *hash = p->source->fetch->hash;

	for (unsigned i = from; i < to; i++) {
		const uint8_t *h = tile->hashes + (size_t)i * TREE_HASH;
		/* Known hashes must not leave anything out since `at`. */
		bool known = t->tree.n >= p->at && level <= 1 && p->ahead.n == t->tree.n;

		if (known)
			known_add(&p->known, t->tree.n, (unsigned)level * LEVEL_BITS, h);
		if (!tree_push(&t->tree, hash, h, (unsigned)level * LEVEL_BITS))
			die_bug("a hash of a tile does not extend the range");
		if (known)
			p->ahead = t->tree;
		if (p->seeds && t->tree.n == p->at)
			p->range = p->ahead = t->tree;
	}
	if (t->tree.n > p->at && t->tree.n % ((uint64_t)TILE_WIDTH * TILE_WIDTH) == 0)
		t->starts = false;
}

/*
 * Takes what comes next from the tiles that are there. Returns false when a tile is missing; then
 * level, number and width say which.
 */
static bool
tiles_advance(struct proof *p, struct tiles *t)
{
	int level = tiles_level(p, t);
	unsigned shift = LEVEL_BITS * (unsigned)level;
	uint64_t pos = t->tree.n, stop = pos < p->at ? p->at : p->head.size;
	uint64_t first = pos >> shift, number = first / TILE_WIDTH;
	uint64_t behind = stop >> shift, end = (number + 1) * TILE_WIDTH;
	const struct tiles_tile *tile;
	unsigned from = (unsigned)(first % TILE_WIDTH), to;

	if (end > behind)
		end = behind;
	to = (unsigned)(end - number * TILE_WIDTH);
	tile = tiles_find(t, level, number, to);
	if (tile == NULL) {
		t->level = level;
		t->number = number;
		t->width = number < tile_full(p->head.size, level) || t->full ? TILE_WIDTH
		    : tile_partial(p->head.size, level);
		return false;
	}
	tiles_extend(p, t, tile, level, from, to);
	return true;
}

static enum proof_step
tiles_step(struct proof *p, struct buf *path)
{
	struct tiles *t = p->own;
	uint8_t root[TREE_HASH];
	char text[MAX_TILE_PATH];

	while (t->tree.n < p->head.size) {
		if (tiles_advance(p, t))
			continue;
		tile_path(text, t->level, t->number, t->width);
		buf_puts(path, text);
		return PROOF_ASK;
	}
	tree_root(&t->tree, p->source->fetch->hash, root);
	return memcmp(root, p->head.root, TREE_HASH) == 0 ? PROOF_GOOD : PROOF_WRONG;
}

static const char *
tiles_take(struct proof *p, struct span body)
{
	struct tiles *t = p->own;
	unsigned at = 2 * (unsigned)t->level + (t->width < TILE_WIDTH);
	struct tiles_tile *tile = t->slot[at];

	if (body.n != (size_t)t->width * TREE_HASH)
		return "tlog-tiles: a tile of hashes has the wrong length";
	if (tile == NULL)
		tile = t->slot[at] = calloc(1, sizeof(*tile));
	if (tile == NULL)
		die_world("out of memory");
	tile->number = t->number;
	tile->width = t->width;
	memcpy(tile->hashes, body.p, body.n);
	t->full = false;
	return NULL;
}

/* A log may drop a partial tile once the full one exists. */
static bool
tiles_refused(struct proof *p, int status)
{
	struct tiles *t = p->own;

	if ((status != 404 && status != 410) || t->width == TILE_WIDTH)
		return false;
	t->full = true;
	return true;
}

static void
tiles_drop(struct proof *p)
{
	struct tiles *t = p->own;

	tiles_forget(t);
	free(t);
	p->own = NULL;
}

const struct prover prover_tiles = {
	.what = "hash tile",
	.begin = tiles_begin,
	.step = tiles_step,
	.take = tiles_take,
	.refused = tiles_refused,
	.drop = tiles_drop,
};
