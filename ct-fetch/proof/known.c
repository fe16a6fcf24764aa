/*
 * A queue of proven hashes.
 *
 * in: hashes, in order of the entries that they cover
 * out: the hash of the next entry or data tile
 */
#include "ct-fetch/proof/known.h"

#include <stdlib.h>

#include "base/die.h"

void
known_init(struct known *k)
{
	*k = (struct known){ 0 };
}

void
known_free(struct known *k)
{
	free(k->hashes);
	known_init(k);
}

static void
known_make_room(struct known *k)
{
	if (k->first > 0) {
		memmove(k->hashes, k->hashes + k->first, (k->n - k->first) * sizeof(*k->hashes));
		k->n -= k->first;
		k->first = 0;
	}
	if (k->n < k->cap)
		return;
	k->cap = k->cap > 0 ? k->cap * 2 : 64;
	k->hashes = realloc(k->hashes, k->cap * sizeof(*k->hashes));
	if (k->hashes == NULL)
		die_world("out of memory");
}

void
known_add(struct known *k, uint64_t from, unsigned height, const uint8_t hash[TREE_HASH])
{
	struct known_hash *h;

	if (k->n > k->first && known_end(k) != from)
		die_bug("known hashes with a hole");
	if (k->n == k->cap)
		known_make_room(k);
	h = &k->hashes[k->n++];
	h->from = from;
	h->height = height;
	memcpy(h->hash, hash, TREE_HASH);
}

void
known_drop(struct known *k, uint64_t index)
{
	while (k->first < k->n && k->hashes[k->first].from < index)
		k->first++;
	if (k->first == k->n)
		known_free(k);
}

const struct known_hash *
known_find(const struct known *k, uint64_t index)
{
	size_t from = k->first, to = k->n;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (k->hashes[mid].from < index)
			from = mid + 1;
		else
			to = mid;
	}
	return from < k->n && k->hashes[from].from == index ? &k->hashes[from] : NULL;
}

uint64_t
known_end(const struct known *k)
{
	if (k->first == k->n)
		return 0;
	return k->hashes[k->n - 1].from + ((uint64_t)1 << k->hashes[k->n - 1].height);
}
