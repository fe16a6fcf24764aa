/*
 * ct-ws/stream/crowd: whatever happens to a crowd in the midst of a round, each reader that was there when
 * it began, and is neither blocked nor removed since, has its turn.
 */
#include "unit.h"

#include <stdlib.h>

#include "ct-ws/stream/crowd.h"

enum { READERS = 40, ROUNDS = 3000 };

static struct reader readers[READERS];
static struct crowd crowd;
static bool is_in[READERS], waits[READERS];	/* it is in the crowd; its turn must still come */
static unsigned seed = 5;

static unsigned
chance(unsigned n)
{
	return (unsigned)rand_r(&seed) % n;
}

/* Changes something about reader i. */
static void
change(size_t i)
{
	struct reader *r = &readers[i];

	if (!is_in[i])
		crowd_add(&crowd, r);
	else if (chance(3) == 0)
		crowd_remove(&crowd, r);
	else if (r->blocked) {
		crowd_unblock(&crowd, r);
		return;
	} else {
		crowd_block(&crowd, r);
		waits[i] = false;
		return;
	}
	is_in[i] = !is_in[i];
	waits[i] = false;
	r->blocked = false;
}

static void
each_reader_has_its_turn_in_every_round_whatever_happens_meanwhile(void)
{
	unsigned unserved = 0, strangers = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct reader *r;

		crowd_begin(&crowd);
		for (size_t i = 0; i < READERS; i++)
			waits[i] = is_in[i] && !readers[i].blocked;
		while ((r = crowd_next(&crowd)) != NULL) {
			strangers += r->blocked || !is_in[r - readers];
			waits[r - readers] = false;
			if (chance(2) == 0)
				change((size_t)(r - readers));
			for (unsigned n = chance(3); n > 0; n--)
				change(chance(READERS));
		}
		for (size_t i = 0; i < READERS; i++)
			unserved += waits[i];
	}
	CHECK(unserved == 0);
	CHECK(strangers == 0);
	crowd_free(&crowd);
}

static void
a_round_in_which_nothing_happens_gives_each_who_was_there_one_turn(void)
{
	size_t turns = 0;

	for (size_t i = 0; i < READERS; i++) {
		readers[i] = (struct reader){ .owner = NULL };
		crowd_add(&crowd, &readers[i]);
	}
	CHECK(crowd_next(&crowd) == NULL);	/* whoever has just come has no turn */
	crowd_block(&crowd, &readers[7]);
	crowd_begin(&crowd);
	while (crowd_next(&crowd) != NULL)
		turns++;
	CHECK(turns == READERS - 1);
	crowd_free(&crowd);
}

int
main(void)
{
	RUN(each_reader_has_its_turn_in_every_round_whatever_happens_meanwhile);
	RUN(a_round_in_which_nothing_happens_gives_each_who_was_there_one_turn);
	return unit_end();
}
