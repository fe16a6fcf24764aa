/* ct-ws/crew/roll: what several workers count together. */
#include "unit.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ct-ws/crew/roll.h"

enum { KEYS = 200, FEW = 32, WORKERS = 3 };

static const uint8_t *
key(unsigned n)
{
	static uint8_t k[ROLL_KEY];

	memset(k, 0, sizeof(k));
	k[0] = (uint8_t)n;
	k[1] = (uint8_t)(n >> 8);
	return k;
}

static void
a_limit_holds_for_all_workers_together(void)
{
	struct hash *hash = hash_open();
	struct roll *r = roll_open(2, 10, hash);

	CHECK(roll_take(r, 0, key(1), 3) && roll_take(r, 1, key(1), 3) && roll_take(r, 1, key(1), 3));
	CHECK(!roll_take(r, 0, key(1), 3) && !roll_take(r, 1, key(1), 3));
	CHECK(roll_take(r, 0, key(2), 3) && roll_take(r, 0, key(1), 0));
	roll_drop(r, 0, key(1));
	roll_drop(r, 1, key(1));
	CHECK(roll_count(r, key(1)) == 2 && roll_take(r, 0, key(1), 3));
	roll_close(r);
	hash_free(hash);
}

static void
other_processes_count_in_the_same_roll(void)
{
	struct hash *hash = hash_open();
	struct roll *r = roll_open(WORKERS, 1000, hash);
	int status;

	for (unsigned w = 0; w < WORKERS; w++)
		if (fork() == 0) {
			for (unsigned i = 0; i < 3000; i++) {
				roll_take(r, w, key(i % KEYS), 0);
				if (i % 3 > 0)
					roll_drop(r, w, key(i % KEYS));
			}
			_exit(0);
		}
	for (unsigned w = 0; w < WORKERS; w++)
		CHECK(wait(&status) > 0 && status == 0);
	/* Each key came 15 times to each worker, and 5 times it stayed. */
	for (unsigned i = 0; i < KEYS; i++)
		CHECK(roll_count(r, key(i)) == WORKERS * 5);
	roll_close(r);
	hash_free(hash);
}

/* A model beside it: what each worker has of each key. */
static void
what_a_worker_has_goes_with_it_and_the_rest_is_found(void)
{
	static unsigned has[WORKERS][KEYS];
	struct hash *hash = hash_open();
	struct roll *r = roll_open(WORKERS, KEYS, hash);
	unsigned seed = 3, sum;

	for (unsigned i = 0; i < 60000; i++) {
		unsigned w = (unsigned)rand_r(&seed) % WORKERS, k = (unsigned)rand_r(&seed) % KEYS;

		if (rand_r(&seed) % 4000 == 0) {
			roll_retire(r, w);
			memset(has[w], 0, sizeof(has[w]));
		} else if (has[w][k] > 0 && rand_r(&seed) % 2 == 0) {
			roll_drop(r, w, key(k));
			has[w][k]--;
		} else
			has[w][k] += roll_take(r, w, key(k), 5);
		sum = has[0][k] + has[1][k] + has[2][k];
		CHECK(sum <= 5 && roll_count(r, key(k)) == sum);
	}
	for (unsigned w = 0; w < WORKERS; w++)
		roll_retire(r, w);
	for (unsigned k = 0; k < KEYS; k++)
		CHECK(roll_count(r, key(k)) == 0);
	roll_close(r);
	hash_free(hash);
}

/* A worker is killed again and again in the midst of counting: the lock must not stay with it. */
static void
a_worker_that_is_killed_while_it_counts_blocks_nobody(void)
{
	struct hash *hash = hash_open();
	struct roll *r = roll_open(1, 10, hash);
	int status;
	pid_t pid;

	for (unsigned i = 0; i < 50; i++) {
		pid = fork();
		if (pid == 0)
			for (;;)
				if (roll_take(r, 0, key(1), 1))
					roll_drop(r, 0, key(1));
		usleep(1000);
		kill(pid, SIGKILL);
		CHECK(waitpid(pid, &status, 0) == pid);
		roll_retire(r, 0);
		CHECK(roll_take(r, 0, key(2), 1));
		roll_retire(r, 0);
	}
	roll_close(r);
	hash_free(hash);
}

/* Worker 0 has counted the upper half of the keys, the others the lower half twice, in any order. */
static void
fill(struct roll *r, unsigned *seed)
{
	unsigned order[FEW];

	for (unsigned i = 0; i < FEW; i++) {
		unsigned at = (unsigned)rand_r(seed) % (i + 1);

		order[i] = order[at];
		order[at] = i;
	}
	for (unsigned i = 0; i < FEW; i++) {
		CHECK(roll_take(r, order[i] < FEW / 2, key(order[i]), 0));
		if (order[i] < FEW / 2)
			CHECK(roll_take(r, 1, key(order[i]), 0));
	}
}

/* Counts the upper half as worker 0 until it is killed, so that entries go all the time and others move. */
static _Noreturn void
count_for_ever(struct roll *r, unsigned seed, atomic_uint *steps)
{
	bool has[FEW];

	memset(has, true, sizeof(has));
	for (;; atomic_fetch_add(steps, 1)) {
		unsigned k = FEW / 2 + (unsigned)rand_r(&seed) % (FEW / 2);

		if (has[k])
			roll_drop(r, 0, key(k));
		has[k] = !has[k] && roll_take(r, 0, key(k), 0);
	}
}

/*
 * What the others have counted must still be there when a worker was killed at any moment, as when an
 * entry moved into the place of one that went; and it must go when they count less.
 */
static void
a_worker_that_is_killed_while_an_entry_moves_changes_no_other_count(void)
{
	struct hash *hash = hash_open();
	struct roll *r = roll_open(2, FEW, hash);
	atomic_uint *steps = mmap(NULL, sizeof(*steps), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
	    -1, 0);
	unsigned seed = 7;
	pid_t pid;

	for (unsigned i = 0; i < 600; i++, atomic_store(steps, 0)) {
		unsigned most = 1 + (unsigned)rand_r(&seed) % FEW;

		fill(r, &seed);
		pid = fork();
		if (pid == 0)
			count_for_ever(r, i, steps);
		while (atomic_load(steps) < most)
			sched_yield();
		kill(pid, SIGKILL);
		CHECK(waitpid(pid, NULL, 0) == pid);
		if (i % 2 == 0)		/* the others count on before its end is known, or behind that */
			roll_retire(r, 0);
		for (unsigned k = 0; k < FEW / 2; k++) {
			roll_drop(r, 1, key(k));
			CHECK(roll_count(r, key(k)) == 1);
			roll_drop(r, 1, key(k));
		}
		roll_retire(r, 0);
		for (unsigned k = 0; k < FEW; k++)
			CHECK(roll_count(r, key(k)) == 0);
		for (unsigned k = 0; k < FEW; k++)
			CHECK(roll_take(r, 1, key(1000 + k), 1));	/* so many must have room */
		roll_retire(r, 1);
	}
	munmap(steps, sizeof(*steps));
	roll_close(r);
	hash_free(hash);
}

int
main(void)
{
	RUN(a_limit_holds_for_all_workers_together);
	RUN(other_processes_count_in_the_same_roll);
	RUN(what_a_worker_has_goes_with_it_and_the_rest_is_found);
	RUN(a_worker_that_is_killed_while_it_counts_blocks_nobody);
	RUN(a_worker_that_is_killed_while_an_entry_moves_changes_no_other_count);
	return unit_end();
}
