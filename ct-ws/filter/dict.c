/*
 * A dictionary with a keyed hash.
 *
 * in: items with keys of any bytes
 * out: the item of a key
 * standard: polynomial hashing over a prime field (Carter and Wegman, Universal Classes of Hash
 * Functions, 1979): two keys of n bytes have the same hash with a probability of n / 2^61 at most
 */
#include "ct-ws/filter/dict.h"

#include <stdlib.h>

#include "base/die.h"
#include "enc/hash.h"

enum { DICT_ROOM = 64 };

static struct dict_item **
dict_places(size_t room)
{
	struct dict_item **places = calloc(room, sizeof(struct dict_item *));

	if (places == NULL)
		die_world("out of memory for a dictionary");
	return places;
}

void
dict_init(struct dict *d)
{
	struct span point = SPAN("point"), spread = SPAN("spread");
	struct hash *secret = hash_open();

	d->room = DICT_ROOM;
	d->count = 0;
	d->places = dict_places(d->room);
	d->point = hash_keyed(secret, &point, 1) >> 4;
	d->spread = hash_keyed(secret, &spread, 1) | 1;
	hash_free(secret);
}

void
dict_free(struct dict *d)
{
	free(d->places);
	d->places = NULL;
}

uint64_t
dict_hash(const struct dict *d, struct span key)
{
	uint64_t h = 0;

	for (size_t i = key.n; i > 0; i--)
		h = dict_step(d, h, key.p[i - 1]);
	return h;
}

static struct dict_item **
dict_at(struct dict *d, uint64_t hash)
{
	return &d->places[hash * d->spread >> 32 & (d->room - 1)];
}

struct dict_item *
dict_find(const struct dict *d, unsigned kind, struct span key)
{
	uint64_t hash = dict_hash(d, key);
	struct dict_item *item = dict_place(d, hash);

	while (item != NULL && !dict_is(item, hash, key, kind))
		item = item->next;
	return item;
}

static void
dict_link(struct dict *d, struct dict_item *item)
{
	struct dict_item **at = dict_at(d, item->hash);

	item->next = *at;
	*at = item;
}

/* Makes the table twice as large. */
static void
dict_grow(struct dict *d)
{
	struct dict_item **old = d->places, *item, *next;
	size_t room = d->room;

	d->room *= 2;
	d->places = dict_places(d->room);
	for (size_t i = 0; i < room; i++) {
		for (item = old[i]; item != NULL; item = next) {
			next = item->next;
			dict_link(d, item);
		}
	}
	free(old);
}

void
dict_put(struct dict *d, struct dict_item *item)
{
	if (d->count == d->room)
		dict_grow(d);
	item->hash = dict_hash(d, item->key);
	dict_link(d, item);
	d->count++;
}

void
dict_drop(struct dict *d, struct dict_item *item)
{
	struct dict_item **at = dict_at(d, item->hash);

	while (*at != item)
		at = &(*at)->next;
	*at = item->next;
	d->count--;
}

