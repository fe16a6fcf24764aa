/*
 * Shares counts by key between processes: a hash table with open addressing, in memory that they
 * share, behind a lock that outlives its owner.
 *
 * in: keys that workers count, and ends of workers
 * out: whether one more may be counted
 */
#include "ct-ws/crew/roll.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/die.h"

struct roll_entry {
	uint8_t key[ROLL_KEY];
	uint32_t count;		/* of all workers; 0 where the entry is empty */
	uint32_t of[];		/* of each worker */
};

/*
 * What is shared. The entries are behind it. A worker may be killed between any two of its writes, so
 * what it was at can be told from these: an entry that moves is in two places, or half in the new one,
 * until hole says that the old one is empty.
 */
struct roll_table {
	pthread_mutex_t lock;
	size_t used;		/* entries that are not empty, or more until roll_retire has counted them */
	_Atomic size_t hole;	/* the entry that is being filled or emptied, counted from 1; 0: none */
};

struct roll {
	struct hash *hash;	/* borrowed */
	size_t workers, size, entry;	/* how many workers, entries (a power of 2), and bytes each */
	struct roll_table *table;	/* shared */
};

static size_t
roll_bytes(const struct roll *r)
{
	return sizeof(struct roll_table) + r->size * r->entry;
}

/* The lock is robust: when a worker is killed while it has it, the next one gets it all the same. */
static void
roll_lock_init(pthread_mutex_t *lock)
{
	pthread_mutexattr_t how;

	if (pthread_mutexattr_init(&how) != 0 ||
	    pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED) != 0 ||
	    pthread_mutexattr_setrobust(&how, PTHREAD_MUTEX_ROBUST) != 0 ||
	    pthread_mutex_init(lock, &how) != 0)
		die_world("cannot share the counts of workers");
	pthread_mutexattr_destroy(&how);
}

struct roll *
roll_open(size_t workers, size_t most, struct hash *hash)
{
	struct roll *r = calloc(1, sizeof(*r));
	struct span nothing = { NULL, 0 };

	if (r == NULL)
		die_world("out of memory for the counts of workers");
	r->hash = hash;
	r->workers = workers;
	r->entry = (sizeof(struct roll_entry) + workers * sizeof(uint32_t) + 7) / 8 * 8;
	for (r->size = 64; r->size < 2 * most; r->size *= 2)
		;
	r->table = mmap(NULL, roll_bytes(r), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (r->table == MAP_FAILED)
		die_world("out of memory for the counts of workers:");
	roll_lock_init(&r->table->lock);
	(void)hash_keyed(hash, &nothing, 0);	/* draws the key, before workers would each draw theirs */
	return r;
}

void
roll_close(struct roll *r)
{
	if (r == NULL)
		return;
	munmap(r->table, roll_bytes(r));
	free(r);
}

/* ---- the table, with the lock held ---- */

static struct roll_entry *
roll_at(const struct roll *r, size_t i)
{
	return (struct roll_entry *)((char *)(r->table + 1) + i * r->entry);
}

/* Returns where the search for key begins. */
static size_t
roll_home(const struct roll *r, const uint8_t *key)
{
	struct span part = span_of(key, ROLL_KEY);

	return (size_t)hash_keyed(r->hash, &part, 1) & (r->size - 1);
}

/* Returns the entry of key, or the empty one where it belongs. */
static size_t
roll_find(const struct roll *r, const uint8_t *key)
{
	size_t i = roll_home(r, key);

	while (roll_at(r, i)->count > 0 && memcmp(roll_at(r, i)->key, key, ROLL_KEY) != 0)
		i = (i + 1) & (r->size - 1);
	return i;
}

/* Says which entry is garbage now, with all that was written before it done and nothing behind it begun. */
static void
roll_set_hole(struct roll *r, size_t hole)
{
	atomic_thread_fence(memory_order_seq_cst);
	atomic_store(&r->table->hole, hole);
	atomic_thread_fence(memory_order_seq_cst);
}

/* Empties the entry hole, and moves back those behind it that a search would miss then. */
static void
roll_empty(struct roll *r, size_t hole)
{
	size_t mask = r->size - 1;

	roll_set_hole(r, hole + 1);
	for (size_t i = (hole + 1) & mask; roll_at(r, i)->count > 0; i = (i + 1) & mask) {
		size_t home = roll_home(r, roll_at(r, i)->key);

		if (((i - home) & mask) < ((i - hole) & mask))
			continue;	/* its home is behind the hole */
		memcpy(roll_at(r, hole), roll_at(r, i), r->entry);
		hole = i;
		roll_set_hole(r, hole + 1);
	}
	memset(roll_at(r, hole), 0, r->entry);
	roll_set_hole(r, 0);
	r->table->used--;
}

/* ---- the lock ---- */

/*
 * Takes the lock. Where its owner was killed, the entry that it was moving or emptying is finished;
 * what it may have counted by half is mended by roll_retire.
 */
static void
roll_lock(struct roll *r)
{
	int error = pthread_mutex_lock(&r->table->lock);

	if (error == EOWNERDEAD) {
		size_t hole = atomic_load(&r->table->hole);

		if (hole > 0)
			roll_empty(r, hole - 1);
		error = pthread_mutex_consistent(&r->table->lock);
	}
	if (error != 0)
		die_bug("the counts of workers cannot be locked");
}

static void
roll_unlock(struct roll *r)
{
	pthread_mutex_unlock(&r->table->lock);
}

/* ---- the calls ---- */

bool
roll_take(struct roll *r, size_t worker, const uint8_t key[ROLL_KEY], uint32_t most)
{
	struct roll_entry *e;
	bool taken;

	roll_lock(r);
	e = roll_at(r, roll_find(r, key));
	/* A full table refuses: there are more keys than there may be connections. */
	taken = e->count > 0 ? most == 0 || e->count < most : r->table->used < r->size / 2;
	if (taken && e->count == 0) {
		memset(e, 0, r->entry);
		memcpy(e->key, key, ROLL_KEY);
		r->table->used++;
	}
	if (taken) {
		e->of[worker]++;
		e->count++;
	}
	roll_unlock(r);
	return taken;
}

void
roll_drop(struct roll *r, size_t worker, const uint8_t key[ROLL_KEY])
{
	struct roll_entry *e;
	size_t i;

	roll_lock(r);
	i = roll_find(r, key);
	e = roll_at(r, i);
	if (e->count > 0 && e->of[worker] > 0) {
		e->of[worker]--;
		/* Without a count it would be a hole that nobody knows of, if this worker were killed now. */
		if (e->count > 1)
			e->count--;
		else
			roll_empty(r, i);
	}
	roll_unlock(r);
}

uint32_t
roll_count(struct roll *r, const uint8_t key[ROLL_KEY])
{
	uint32_t n;

	roll_lock(r);
	n = roll_at(r, roll_find(r, key))->count;
	roll_unlock(r);
	return n;
}

/* Returns how many of the key of e the workers have. */
static uint32_t
roll_sum(const struct roll *r, const struct roll_entry *e)
{
	uint32_t sum = 0;

	for (size_t w = 0; w < r->workers; w++)
		sum += e->of[w];
	return sum;
}

/* Emptying an entry may put another one in its place, which is then looked at, too. */
void
roll_retire(struct roll *r, size_t worker)
{
	size_t used = 0;

	roll_lock(r);
	for (size_t i = 0; i < r->size;) {
		struct roll_entry *e = roll_at(r, i);

		e->of[worker] = 0;
		if (e->count > 0 && roll_sum(r, e) == 0) {
			roll_empty(r, i);
			continue;
		}
		e->count = e->count > 0 ? roll_sum(r, e) : 0;
		used += e->count > 0;
		i++;
	}
	r->table->used = used;
	roll_unlock(r);
}
