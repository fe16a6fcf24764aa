/* ct-ws/crew/roll: what several workers count together. */
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ct-ws/crew/roll.h"

enum { KEYS = 200, WORKERS = 3 };

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

int
main(void)
{
	RUN(a_limit_holds_for_all_workers_together);
	RUN(other_processes_count_in_the_same_roll);
	RUN(what_a_worker_has_goes_with_it_and_the_rest_is_found);
	RUN(a_worker_that_is_killed_while_it_counts_blocks_nobody);
	return unit_end();
}
