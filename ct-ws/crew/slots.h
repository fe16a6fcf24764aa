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
	SLOTS_NOW = 64,		/* numbers of each kind that there is room for */
	SLOTS_EVER = 128,
	SLOTS_SEEN = 16,
	SLOTS_NAMED = 256,	/* things that are counted by name */
	SLOTS_OF_NAME = 3,	/* counters of each */
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
	uint64_t seen[SLOTS_SEEN];	/* what all see and each counts: the largest counts */
	struct slots_named named[SLOTS_NAMED];	/* the same */
};

struct slots;

/*
 * Makes slots for n workers, at most MAX_WORKERS, which share them when they are forked after this. The
 * process ends when there is no memory. slots_close unmaps them in one process.
 */
struct slots *slots_open(size_t n);
void slots_close(struct slots *s);

/*
 * Replaces what the worker tells. It may be called by that worker only. slots_written returns the time
 * of loop_clock, in ms, at which it last did; 0 when it has not yet, or has ended since.
 */
void slots_write(struct slots *s, size_t worker, const struct slots_numbers *n);
uint64_t slots_written(const struct slots *s, size_t worker);

/*
 * To be called by the parent when a worker has ended: keeps its counters, empties its slot, and counts
 * the end when it is not one that was asked for.
 */
void slots_retire(struct slots *s, size_t worker, bool asked_for);

/* Sets *sum to what all workers amount to, those that have ended included. */
void slots_sum(const struct slots *s, struct slots_numbers *sum);

/* Returns how many ends slots_retire has counted, and how many workers there should be. */
uint64_t slots_deaths(const struct slots *s);
size_t slots_workers(const struct slots *s);

/* Returns the time of loop_clock, in ms, at which the slots were made. */
uint64_t slots_started(const struct slots *s);

/* Says at once how many connections the worker has; slots_connections returns the sum over all. */
void slots_connect(struct slots *s, size_t worker, uint64_t connections);
uint64_t slots_connections(const struct slots *s);

#endif
