/*
 * Shares numbers between processes.
 *
 * in: the numbers of each worker
 * out: what they amount to
 *
 * A number is written and read as a whole, and which of two numbers is newer does not matter. But while
 * the parent moves the counters of an ended worker from its slot to those of all ended workers, a reader
 * could count them twice or not at all. So `moves` is odd meanwhile, and a reader that sees this begins
 * again.
 */
#include "ct-ws/crew/slots.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/die.h"
#include "os/loop.h"

enum {
	SLOTS_WORDS = sizeof(struct slots_numbers) / sizeof(uint64_t),
	SLOTS_TRIES = 1000,	/* a parent that was killed at the wrong moment leaves `moves` odd */
};

_Static_assert(sizeof(struct slots_numbers) % sizeof(uint64_t) == 0, "numbers are whole words");

struct slots_one {
	_Atomic uint64_t connections;
	_Atomic uint64_t written;	/* ms of loop_clock */
	_Atomic uint64_t words[SLOTS_WORDS];
};

struct slots {
	size_t n;
	uint64_t started;
	_Atomic uint64_t deaths;
	atomic_uint moves;
	struct slots_one past;		/* what ended workers have counted */
	struct slots_one of[MAX_WORKERS];
};

static void
slots_store(struct slots_one *to, const struct slots_numbers *from)
{
	uint64_t word;

	for (size_t i = 0; i < SLOTS_WORDS; i++) {
		memcpy(&word, (const char *)from + i * sizeof(word), sizeof(word));
		atomic_store_explicit(&to->words[i], word, memory_order_relaxed);
	}
}

static void
slots_load(struct slots_numbers *to, const struct slots_one *from)
{
	uint64_t word;

	for (size_t i = 0; i < SLOTS_WORDS; i++) {
		word = atomic_load_explicit(&from->words[i], memory_order_relaxed);
		memcpy((char *)to + i * sizeof(word), &word, sizeof(word));
	}
}

static void
slots_raise(uint64_t *to, uint64_t value)
{
	if (*to < value)
		*to = value;
}

/* Takes over what n counts by its name; what there is no room for is left out. */
static void
slots_add_named(struct slots_numbers *sum, const struct slots_named *n)
{
	size_t i = 0;

	while (i < SLOTS_NAMED && sum->named[i].key != 0 && sum->named[i].key != n->key)
		i++;
	if (i == SLOTS_NAMED)
		return;
	sum->named[i].key = n->key;
	for (size_t k = 0; k < SLOTS_OF_NAME; k++)
		slots_raise(&sum->named[i].seen[k], n->seen[k]);
}

/* Adds what one worker tells, without what is only there while it lives when it has ended. */
static void
slots_add(struct slots_numbers *sum, const struct slots_numbers *one, bool lives)
{
	for (size_t i = 0; i < SLOTS_NOW && lives; i++)
		sum->now[i] += one->now[i];
	for (size_t i = 0; i < SLOTS_EVER; i++)
		sum->ever[i] += one->ever[i];
	for (size_t i = 0; i < SLOTS_SEEN; i++)
		slots_raise(&sum->seen[i], one->seen[i]);
	for (size_t i = 0; i < SLOTS_NAMED && one->named[i].key != 0; i++)
		slots_add_named(sum, &one->named[i]);
}

struct slots *
slots_open(size_t n)
{
	struct slots *s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED)
		die_world("out of memory for the numbers of workers:");
	s->n = n;
	s->started = loop_clock();
	return s;
}

void
slots_close(struct slots *s)
{
	munmap(s, sizeof(*s));
}

void
slots_write(struct slots *s, size_t worker, const struct slots_numbers *n)
{
	slots_store(&s->of[worker], n);
	atomic_store_explicit(&s->of[worker].written, loop_clock(), memory_order_relaxed);
}

uint64_t
slots_written(const struct slots *s, size_t worker)
{
	return atomic_load_explicit(&s->of[worker].written, memory_order_relaxed);
}

void
slots_retire(struct slots *s, size_t worker, bool asked_for)
{
	static const struct slots_numbers none;
	struct slots_numbers past, one;

	slots_load(&past, &s->past);
	slots_load(&one, &s->of[worker]);
	slots_add(&past, &one, false);
	atomic_fetch_add(&s->moves, 1);
	slots_store(&s->past, &past);
	slots_store(&s->of[worker], &none);
	atomic_store(&s->of[worker].connections, 0);
	atomic_store(&s->of[worker].written, 0);
	atomic_fetch_add(&s->moves, 1);
	if (!asked_for)
		atomic_fetch_add(&s->deaths, 1);
}

void
slots_sum(const struct slots *s, struct slots_numbers *sum)
{
	struct slots_numbers one;
	unsigned before, tries = 0;

	do {
		before = atomic_load(&s->moves);
		slots_load(sum, &s->past);
		for (size_t k = 0; k < s->n; k++) {
			slots_load(&one, &s->of[k]);
			slots_add(sum, &one, true);
		}
		atomic_thread_fence(memory_order_acquire);
	} while ((before % 2 == 1 || atomic_load(&s->moves) != before) && ++tries < SLOTS_TRIES);
}

uint64_t
slots_deaths(const struct slots *s)
{
	return atomic_load(&s->deaths);
}

size_t
slots_workers(const struct slots *s)
{
	return s->n;
}

uint64_t
slots_started(const struct slots *s)
{
	return s->started;
}

void
slots_connect(struct slots *s, size_t worker, uint64_t connections)
{
	atomic_store_explicit(&s->of[worker].connections, connections, memory_order_relaxed);
}

uint64_t
slots_connections(const struct slots *s)
{
	uint64_t n = 0;

	for (size_t k = 0; k < s->n; k++)
		n += atomic_load_explicit(&s->of[k].connections, memory_order_relaxed);
	return n;
}
