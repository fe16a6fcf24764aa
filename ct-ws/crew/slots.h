/*
 * Numbers of several worker processes in memory that they share, so that whichever of them is asked
 * can answer for all. Each worker writes its numbers into a slot of its own. What a worker
 * has counted is not lost with it: its counters stay in the sums.
 */
#ifndef CT_WS_CREW_SLOTS_H
#define CT_WS_CREW_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MAX_WORKERS = 64,
	/* How many numbers of each kind a slot has room for: see struct slots_numbers. */
	SLOTS_NOW = 64,
	SLOTS_EVER = 128,
	SLOTS_SEEN = 16,
	SLOTS_NAMED = 256,	/* things that are counted by name */
	SLOTS_OF_NAME = 3,	/* counters of each of these */
};

/* Counters of something that every worker counts, as the events of one log. */
struct slots_named {
	uint64_t key;			/* a hash of its name; 0: nothing */
	uint64_t seen[SLOTS_OF_NAME];
};

/* What one worker tells, or what all amount to. Which number stands where is up to the caller. */
struct slots_numbers {
	uint64_t now[SLOTS_NOW];	/* what there is now: summed up while the worker lives */
	uint64_t ever[SLOTS_EVER];	/* what each worker has counted of its own: summed up for ever */
	uint64_t seen[SLOTS_SEEN];	/* what all workers see and each counts: the largest count holds */
	struct slots_named named[SLOTS_NAMED];	/* as seen, for things that come and go, by name */
};

struct slots;

/*
 * Returns slots for n workers, at most MAX_WORKERS, which share them when they are forked after this. When
 * memory runs out, the process ends with 111. slots_close unmaps them in one process.
 */
struct slots *slots_open(size_t n);
void slots_close(struct slots *s);

/*
 * slots_write puts *n into the slot of worker number `worker`, in place of what was there; only that
 * worker may call it. slots_written returns when that was done last, in ms as loop_clock counts, or 0 when
 * it has not been done yet or the worker has ended since.
 */
void slots_write(struct slots *s, size_t worker, const struct slots_numbers *n);
uint64_t slots_written(const struct slots *s, size_t worker);

/*
 * To be called by the parent when worker number `worker` has ended: keeps its counters and empties its
 * slot. Counts the end unless asked_for is true.
 */
void slots_retire(struct slots *s, size_t worker, bool asked_for);

/* Sets *sum to what all workers amount to, those that have ended included. */
void slots_sum(const struct slots *s, struct slots_numbers *sum);

/* Returns how many ends slots_retire has counted, and how many workers there should be. */
uint64_t slots_deaths(const struct slots *s);
size_t slots_workers(const struct slots *s);

/* Returns the time of loop_clock, in ms, at which the slots were made. */
uint64_t slots_started(const struct slots *s);

/*
 * slots_connect says how many connections worker number `worker` has, which is then known at once.
 * slots_connections returns the sum over all workers.
 */
void slots_connect(struct slots *s, size_t worker, uint64_t connections);
uint64_t slots_connections(const struct slots *s);

#endif
