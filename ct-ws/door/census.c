/*
 * Counts connections by address, in a hash table with open addressing.
 *
 * in: addresses of connections that begin and end
 * out: whether one more may begin
 */
#include "ct-ws/door/census.h"

#include <stdlib.h>

#include "base/die.h"

enum { CENSUS_FIRST = 64 };	/* entries of the first table */

/* Writes to ip what is counted as one address. */
static void
census_key(const struct address *a, uint8_t ip[16])
{
	memcpy(ip, a->ip, 16);
	if (!address_is_ipv4(a))
		memset(ip + 8, 0, 8);
}

/* Returns the place where the search for ip begins. */
static size_t
census_home(const struct census *c, const uint8_t ip[16])
{
	struct span part = span_of(ip, 16);

	return (size_t)hash_keyed(c->hash, &part, 1) & (c->size - 1);
}

/* Returns the entry of ip, or the empty one where it belongs. */
static struct census_entry *
census_find(const struct census *c, const uint8_t ip[16])
{
	size_t i = census_home(c, ip);

	while (c->table[i].count > 0 && memcmp(c->table[i].ip, ip, 16) != 0)
		i = (i + 1) & (c->size - 1);
	return &c->table[i];
}

/* Gives the table twice the size, or its first one. */
static void
census_grow(struct census *c)
{
	struct census_entry *old = c->table;
	size_t n = c->size;

	c->size = n > 0 ? 2 * n : CENSUS_FIRST;
	c->table = calloc(c->size, sizeof(*c->table));
	if (c->table == NULL)
		die_world("out of memory for the addresses of clients");
	for (size_t i = 0; i < n; i++)
		if (old[i].count > 0)
			*census_find(c, old[i].ip) = old[i];
	free(old);
}

void
census_init(struct census *c, struct hash *hash, uint32_t most)
{
	*c = (struct census){ .hash = hash, .most = most };
}

static bool
census_counts(const struct census *c, const struct address *a)
{
	return c->most > 0 && a->kind == ADDRESS_IP;
}

bool
census_take(struct census *c, const struct address *a)
{
	struct census_entry *e;
	uint8_t ip[16];

	if (!census_counts(c, a))
		return true;
	census_key(a, ip);
	if (c->roll != NULL)
		return roll_take(c->roll, c->worker, ip, c->most);
	if (c->used >= c->size / 2)
		census_grow(c);
	e = census_find(c, ip);
	if (e->count >= c->most)
		return false;
	c->used += e->count == 0;
	memcpy(e->ip, ip, sizeof(e->ip));
	e->count++;
	return true;
}

/* Empties the entry hole, and moves back those behind it that a search would miss then. */
static void
census_empty(struct census *c, size_t hole)
{
	size_t mask = c->size - 1;

	for (size_t i = (hole + 1) & mask; c->table[i].count > 0; i = (i + 1) & mask) {
		size_t home = census_home(c, c->table[i].ip);

		if (((i - home) & mask) < ((i - hole) & mask))
			continue;	/* its home is behind the hole */
		c->table[hole] = c->table[i];
		hole = i;
	}
	c->table[hole].count = 0;
	c->used--;
}

void
census_drop(struct census *c, const struct address *a)
{
	struct census_entry *e;
	uint8_t ip[16];

	if (!census_counts(c, a))
		return;
	census_key(a, ip);
	if (c->roll != NULL) {
		roll_drop(c->roll, c->worker, ip);
		return;
	}
	if (c->table == NULL || (e = census_find(c, ip))->count == 0)
		die_bug("a connection has ended that was not counted");
	if (e->count > 1)
		e->count--;
	else
		census_empty(c, (size_t)(e - c->table));
}

uint32_t
census_count(const struct census *c, const struct address *a)
{
	uint8_t ip[16];

	if ((c->table == NULL && c->roll == NULL) || a->kind != ADDRESS_IP)
		return 0;
	census_key(a, ip);
	if (c->roll != NULL)
		return roll_count(c->roll, ip);
	return census_find(c, ip)->count;
}

void
census_free(struct census *c)
{
	free(c->table);
	*c = (struct census){ .size = 0 };
}
