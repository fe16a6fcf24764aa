/*
 * A dictionary of byte strings that hostile people choose. Its hash has a secret, random key, so
 * that nobody can choose many strings which fall into one place: the bytes are the coefficients of a
 * polynomial modulo the prime 2^61 - 1, whose value is taken at a secret point. It is computed from
 * the last byte to the first, so one pass over a name gives the hashes of all its suffixes.
 */
#ifndef CT_WS_FILTER_DICT_H
#define CT_WS_FILTER_DICT_H

#include "base/span.h"

/* Each thing that a dictionary holds begins with this struct. */
struct dict_item {
	struct dict_item *next;		/* the next item in the same place, or NULL */
	uint64_t hash;			/* dict_hash of key */
	struct span key;
	unsigned kind;			/* items of different kinds may have the same key */
};

struct dict {
	struct dict_item **places;	/* owned; count is a power of two */
	size_t room, count;
	uint64_t point;			/* secret */
	uint64_t spread;		/* secret and odd */
};

/* Makes *d an empty dictionary with new secrets. dict_free frees its table, and no items. */
void dict_init(struct dict *d);
void dict_free(struct dict *d);

/*
 * Returns a number that equals a * b modulo 2^61 - 1, and is below 2^62; a and b must be below 2^61. On a
 * machine without numbers of 128 bits it is put together from products of halves, where 2^61 counts as 1.
 */
static inline uint64_t
dict_product(uint64_t a, uint64_t b)
{
	const uint64_t p = (UINT64_C(1) << 61) - 1;
#ifdef __SIZEOF_INT128__
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)(product & p) + (uint64_t)(product >> 61);
#else
	uint64_t a1 = a >> 32, a0 = a & UINT32_MAX, b1 = b >> 32, b0 = b & UINT32_MAX;
	uint64_t low = a0 * b0, middle = a1 * b0 + a0 * b1;
	uint64_t sum = (a1 * b1 << 3) + (middle >> 29) +
	    ((middle & ((UINT64_C(1) << 29) - 1)) << 32) + (low & p) + (low >> 61);

	return (sum & p) + (sum >> 61);
#endif
}

/* Returns the hash of the string whose first byte is c and whose other bytes have the hash h, 0 for none. */
static inline uint64_t
dict_step(const struct dict *d, uint64_t h, uint8_t c)
{
	const uint64_t p = (UINT64_C(1) << 61) - 1;
	uint64_t sum = dict_product(h, d->point) + c + 1;

	sum = (sum & p) + (sum >> 61);
	return sum >= p ? sum - p : sum;
}

/* Returns the hash of key. */
uint64_t dict_hash(const struct dict *d, struct span key);

/* Returns the first item in the place that hash leads to, or NULL; the others there follow by next. */
static inline struct dict_item *
dict_place(const struct dict *d, uint64_t hash)
{
	return d->places[hash * d->spread >> 32 & (d->room - 1)];
}

/* Returns true when item has this hash, key and kind. */
static inline bool
dict_is(const struct dict_item *item, uint64_t hash, struct span key, unsigned kind)
{
	return item->hash == hash && item->kind == kind && span_eq(item->key, key);
}

/* Returns the item with that key and kind, or NULL. */
struct dict_item *dict_find(const struct dict *d, unsigned kind, struct span key);

/*
 * Puts item in, whose key and kind are set and not in d yet, and sets its other members. The key is
 * borrowed and must stay as long as the item is in d.
 */
void dict_put(struct dict *d, struct dict_item *item);

/* Takes item, which is in d, out of it. */
void dict_drop(struct dict *d, struct dict_item *item);

#endif
