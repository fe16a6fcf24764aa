/*
 * Remembers the last N hashes. In: the hash of each certificate. Out: whether it
 * is one of the last N. The hashes lie in a ring, where a new one overwrites the
 * oldest. A hash table with open addressing, at most half full, holds the place of
 * each hash in the ring.
 */
#include "event/unique.h"

#include <stdlib.h>

#include "base/die.h"

struct unique {
	uint64_t *ring;		/* n hashes */
	uint32_t *slots;	/* the table, 2n: place in the ring plus 1; 0: free */
	size_t n, used, next;
};

struct unique *
unique_open(size_t n)
{
	struct unique *u = calloc(1, sizeof(*u));

	if (u != NULL) {
		u->n = n;
		u->ring = calloc(n, sizeof(*u->ring));
		u->slots = calloc(2 * n, sizeof(*u->slots));
	}
	if (u == NULL || u->ring == NULL || u->slots == NULL)
		die_world("out of memory to remember %zu certificates", n);
	return u;
}

void
unique_free(struct unique *u)
{
	if (u == NULL)
		return;
	free(u->ring);
	free(u->slots);
	free(u);
}

/* Returns the slot where the search for hash begins: it lies at hash / 2^64 of the table. */
static size_t
unique_home(const struct unique *u, uint64_t hash)
{
	uint64_t slots = 2 * u->n, low = (hash & UINT32_MAX) * slots;	/* slots is below 2^32 */

	return (size_t)(((hash >> 32) * slots + (low >> 32)) >> 32);
}

static size_t
unique_after(const struct unique *u, size_t slot)
{
	return slot + 1 == 2 * u->n ? 0 : slot + 1;
}

/* Returns the slot that holds the hash, or the free slot where the search for it ends. */
static size_t
unique_slot(const struct unique *u, uint64_t hash)
{
	size_t i = unique_home(u, hash);

	while (u->slots[i] != 0 && u->ring[u->slots[i] - 1] != hash)
		i = unique_after(u, i);
	return i;
}

bool
unique_has(const struct unique *u, uint64_t hash)
{
	return u->slots[unique_slot(u, hash)] != 0;
}

/* Returns how many steps forward, around the end of the table, lead from slot from to slot to. */
static size_t
unique_steps(const struct unique *u, size_t from, size_t to)
{
	return to >= from ? to - from : to + 2 * u->n - from;
}

/*
 * Empties the slot hole. A search ends at a free slot, so what stands behind the
 * hole, and would no longer be found, is moved into it, and so on for the slot
 * that this empties.
 */
static void
unique_forget(struct unique *u, size_t hole)
{
	size_t i = hole, home;

	for (;;) {
		i = unique_after(u, i);
		if (u->slots[i] == 0)
			break;
		home = unique_home(u, u->ring[u->slots[i] - 1]);
		if (unique_steps(u, home, i) >= unique_steps(u, hole, i)) {
			u->slots[hole] = u->slots[i];
			hole = i;
		}
	}
	u->slots[hole] = 0;
}

void
unique_put(struct unique *u, uint64_t hash)
{
	if (u->used == u->n)
		unique_forget(u, unique_slot(u, u->ring[u->next]));
	else
		u->used++;
	u->ring[u->next] = hash;
	u->slots[unique_slot(u, hash)] = (uint32_t)u->next + 1;
	u->next = u->next + 1 == u->n ? 0 : u->next + 1;
}
